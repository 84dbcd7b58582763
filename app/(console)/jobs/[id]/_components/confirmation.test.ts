import { expect, test } from "vitest";
import { wordsIn } from "@/components/language/words.ts";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import { confirmationOf } from "./confirmation.ts";
import { jobControlWords } from "./control-words.ts";

function deletionOf(phase: JobPhase): string {
  const job = { id: 12, phase, remaining: 3 };
  return confirmationOf("delete", { job, retry: null }, wordsIn(jobControlWords, "en")).sentence;
}

test("the deletion of a running job says that it is cancelled, unless it is being cancelled already", () => {
  expect(deletionOf("delivering")).toMatch(/^It is cancelled\. 3 events are not sent; what was delivered stays\./);
  expect(deletionOf("cancelling")).toMatch(/^3 events are not sent; what was delivered stays\./);
  expect(deletionOf("complete")).toMatch(/^The API shows it no more/);
});
