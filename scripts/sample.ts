import { parseArgs } from "node:util";
import { z } from "zod";
import { EVENT_AHEAD_MS_MAX } from "@/domain/event/event.ts";
import { closeDatabase, readDatabaseTime } from "@/server/db.ts";
import { noteImport, noteImportBegin } from "@/server/event/imports.ts";
import { existingAccountScope } from "./account-scope.ts";
import { CommandError, runCommand } from "./command.ts";
import { withDatabase } from "./database.ts";
import { grouped, showProgress } from "./progress-bar.ts";
import { recordSample, SAMPLE_DAYS } from "./sample-recording.ts";
import { EXIT_CODE_STOPPED, stopOnSignal } from "./stop-signal.ts";

const USAGE = "Usage: npm run sample -- --events N --account ID [--seed TEXT] [--days 1 to 90] [--until TIME]";

const HOUR_MS = 3_600_000;

const argumentsSchema = z.object({
  events: z.coerce.number().int().min(1),
  account: z.string(),
  seed: z.string().default("1"),
  days: z.coerce.number().min(1).max(90).default(SAMPLE_DAYS),
  until: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
});

await runCommand(async () => {
  const given = readArguments();
  await withDatabase(async () => {
    try {
      await recordGiven(given);
    } finally {
      await closeDatabase();
    }
  });
});

function readArguments(): z.infer<typeof argumentsSchema> {
  try {
    const text = { type: "string" } as const;
    return argumentsSchema.parse(
      parseArgs({ options: { events: text, account: text, seed: text, days: text, until: text } }).values,
    );
  } catch {
    throw new CommandError(USAGE);
  }
}

async function recordGiven({ account, until, ...given }: z.infer<typeof argumentsSchema>): Promise<void> {
  const scope = await existingAccountScope(account, "npm run sample");
  const now = await readDatabaseTime();
  const end = until ?? new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
  if (end.getTime() > now.getTime() + EVENT_AHEAD_MS_MAX) {
    throw new CommandError("A sample cannot reach into the future: --until is more than 15 minutes ahead.");
  }
  const options = { ...given, accountId: account, until: end };
  const origin = { sample: { ...given, until: end.toISOString() } };
  await noteImportBegin(scope, origin);
  const stop = stopOnSignal();
  let made = 0;
  const hideProgress = showProgress(() => ({ done: made, total: given.events, text: `${grouped(made)} events` }));
  try {
    const counts = await recordSample(scope, options, {
      signal: stop.signal,
      onProgress: (count) => {
        made = count;
      },
    });
    const isWhole = !stop.signal.aborted;
    await noteImport(scope, { origin, counts, isWhole });
    hideProgress();
    console.log(`${grouped(counts.recorded)} events recorded, ${grouped(counts.present)} were already there.`);
    if (counts.outsideHistory > 0) {
      console.log(`${grouped(counts.outsideHistory)} are outside the 90 days of history and were left out.`);
    }
    if (!isWhole) {
      process.exitCode = EXIT_CODE_STOPPED;
    }
  } finally {
    hideProgress();
    stop.release();
  }
}
