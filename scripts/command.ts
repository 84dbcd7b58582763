import { SettingError } from "@/server/env.ts";
import { EmbeddedPostgresError } from "@/server/postgres/embedded-error.ts";

/** A command cannot go on. The message is one sentence for the person at the command line. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Runs a command to its end: what it foresaw is told in one sentence, what it did not in full; both end with exit code 1. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const foreseen =
      error instanceof CommandError || error instanceof SettingError || error instanceof EmbeddedPostgresError;
    console.error(foreseen ? error.message : error);
    process.exitCode = 1;
  }
}
