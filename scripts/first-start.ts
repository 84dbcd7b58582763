import { parseEvent } from "@/domain/event/event.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { closeDatabase, readDatabaseTime } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { recordEvents } from "@/server/event/commands.ts";
import { runCommand } from "./command.ts";
import { EventLanes } from "./event-lanes.ts";
import { ensureFirstAccount } from "./first-account.ts";
import { sampleBodies } from "./sample-history.ts";

// The launcher's step between the migrations and the processes. Standard output is what the person is to read once, and
// nothing else; how far it is goes to standard error.

/** Enough for a redelivery that can be watched, few enough for a first start that does not bore. */
const SAMPLE_EVENTS = 60_000;

const SAMPLE_DAYS = 90;

const SAID_EVERY_EVENTS = 10_000;

await runCommand(async () => {
  try {
    const { administrator } = await ensureFirstAccount(env(), recordSampleHistory);
    if (administrator !== null) {
      console.log(`Administrator: ${administrator.email}`);
    }
    if (administrator?.generatedPassword) {
      console.log(`Password (shown only now): ${administrator.generatedPassword}`);
    }
  } finally {
    await closeDatabase();
  }
});

async function recordSampleHistory(accountId: string, until: Date): Promise<number> {
  const scope = commandLineScope(accountId, "npm start", "backtrail:PutEvents");
  const lanes = new EventLanes((events) => recordEvents(scope, events));
  // Not `until`: a second try, days later, must leave out what history no longer keeps.
  const now = await readDatabaseTime();
  let made = 0;
  for (const body of sampleBodies({ accountId, events: SAMPLE_EVENTS, seed: "1", days: SAMPLE_DAYS, until })) {
    const parsed = parseEvent(body, now);
    if (parsed.kind === "event") {
      await lanes.add(parsed.event);
    }
    if (++made % SAID_EVERY_EVENTS === 0) {
      console.error(`Sample history: ${made} of ${SAMPLE_EVENTS} events`);
    }
  }
  await lanes.drain();
  return lanes.counts.recorded + lanes.counts.present;
}
