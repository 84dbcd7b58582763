import "server-only";
import { SettingError } from "./env.ts";
import { log } from "./log.ts";

/**
 * How a process of the product ends. The signal is aborted by the first SIGINT or SIGTERM, and when the launcher is gone, because
 * nobody would stop the process any more; a second signal ends it at once. A fault that nobody caught is logged and ends it with
 * code 1; for a setting that cannot be used the log has one sentence. Called once, before anything that can fail.
 */
export function watchForEnd(): AbortSignal {
  const ending = new AbortController();
  process.on("uncaughtException", endOnFault);
  process.on("disconnect", () => ending.abort());
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (ending.signal.aborted) {
        process.exit(1);
      }
      ending.abort();
    });
  }
  return ending.signal;
}

function endOnFault(error: unknown): never {
  if (error instanceof SettingError) {
    log.fatal(error.message);
  } else {
    log.fatal({ err: error }, "fault that could not be placed");
  }
  process.exit(1);
}

/** Resolves when the signal is aborted. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
}
