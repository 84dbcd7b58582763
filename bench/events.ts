import { createBuiltInAccount } from "@/testing/history-account.ts";
import { withBenchDatabase } from "./bench-database.ts";
import { withConsole } from "./console.ts";
import { measureAnswers } from "./events-answers.ts";
import { generateLargeHistory } from "./events-data.ts";
import type { Figure } from "./figure.ts";

const EVENTS = 10_000_000;

/** The history explorer over a large history: each of its answers is to come within 300 ms. Needs 2 GB of disk per million events. */
export function benchEvents(events = EVENTS): Promise<readonly Figure[]> {
  return withBenchDatabase(async () => {
    const account = await createBuiltInAccount();
    await generateLargeHistory(account, events);
    return withConsole(async ({ base, signIn }) => measureAnswers(base, await signIn(account)));
  });
}
