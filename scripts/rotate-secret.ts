import { recordAuditEvents } from "@/server/access/audit.ts";
import { rotateSecrets } from "@/server/access/secret-rotation.ts";
import { closeDatabase } from "@/server/db.ts";
import { parseEnv, SettingError } from "@/server/env.ts";
import { CommandError, runCommand } from "./command.ts";
import { findSecrets, withDatabase } from "./database.ts";

/** So many rows are named; more say no more, and all of them are to be found by the same means. */
const NAMED_ROWS_MAX = 20;

/**
 * Opening the database would make a secret where there is none, and everything would then be under one that no process knows.
 * @throws SettingError
 */
function requireBothSecrets(): void {
  const { present, previous } = findSecrets(parseEnv(process.env));
  if (present === null) {
    throw new SettingError(
      "The setting BACKTRAIL_SECRET is missing, and DATA_DIR has no file secret: set the new secret, or start Backtrail, which makes one.",
    );
  }
  if (previous === null) {
    throw new SettingError(
      "The setting BACKTRAIL_SECRET_PREVIOUS is missing, and DATA_DIR has no file secret-previous: it is the secret that everything is stored under so far.",
    );
  }
  if (present === previous) {
    throw new SettingError(
      "The setting BACKTRAIL_SECRET_PREVIOUS is BACKTRAIL_SECRET itself: there is nothing to rotate.",
    );
  }
}

/** @throws CommandError when something is still under another secret. */
async function rotate(): Promise<void> {
  const { reencrypted, unreadable, isComplete } = await rotateSecrets();
  console.log(`Secrets re-encrypted under BACKTRAIL_SECRET: ${reencrypted}.`);
  await recordAuditEvents();
  if (unreadable.length > 0) {
    const rows = unreadable.slice(0, NAMED_ROWS_MAX).map(({ table, rowId }) => `  ${table} ${rowId}`);
    throw new CommandError(
      [
        `Secrets that neither secret reads, left as they are: ${unreadable.length}. They were changed or moved, or BACKTRAIL_SECRET_PREVIOUS is not the one they were stored under.`,
        ...rows,
        ...(unreadable.length > NAMED_ROWS_MAX ? ["  …"] : []),
      ].join("\n"),
    );
  }
  if (!isComplete) {
    throw new CommandError(
      "Some process still stores secrets under the previous secret: restart every process with both settings, then run this again.",
    );
  }
  console.log("Nothing is left under the previous secret: take it out of the settings, and restart.");
}

// `npm run rotate-secret`: writes every stored secret anew under BACKTRAIL_SECRET, while the service runs. SECURITY.md has the steps.
await runCommand(async () => {
  requireBothSecrets();
  await withDatabase(async () => {
    try {
      await rotate();
    } finally {
      await closeDatabase();
    }
  });
});
