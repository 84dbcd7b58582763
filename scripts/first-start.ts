import { recordAuditEvents } from "@/server/access/audit.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { closeDatabase } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { runCommand } from "./command.ts";
import { ensureFirstAccount } from "./first-account.ts";
import { recordSample, SAMPLE_DAYS } from "./sample-recording.ts";

// The launcher's step between the migrations and the processes. Standard output is what the person is to read once, and
// nothing else; how far it is goes to standard error.

/** Enough for a redelivery that can be watched, few enough for a first start that does not bore. */
const SAMPLE_EVENTS = 60_000;

const SAID_EVERY_EVENTS = 10_000;

// The launcher is gone, and nobody would read the password: the next start does what is missing then.
process.once("disconnect", () => process.exit(1));
process.channel?.unref();

await runCommand(async () => {
  try {
    const { administrator } = await ensureFirstAccount(env(), recordSampleHistory);
    if (administrator !== null) {
      console.log(`Administrator: ${administrator.email}`);
    }
    if (administrator?.generatedPassword) {
      console.log(`Password (shown only now): ${administrator.generatedPassword}`);
    }
    await recordAuditEvents();
  } finally {
    await closeDatabase();
  }
});

async function recordSampleHistory(accountId: string, until: Date): Promise<number> {
  const scope = commandLineScope(accountId, "npm start", "backtrail:PutEvents");
  let said = 0;
  const { recorded, present } = await recordSample(
    scope,
    { accountId, events: SAMPLE_EVENTS, seed: "1", days: SAMPLE_DAYS, until },
    {
      onProgress: (made) => {
        if (made >= said + SAID_EVERY_EVENTS) {
          said = made;
          console.error(`Sample history: ${made} of ${SAMPLE_EVENTS} events`);
        }
      },
    },
  );
  return recorded + present;
}
