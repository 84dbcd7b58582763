import { describe, expect, it } from "vitest";
import { historyJobQuery } from "./history-job-queries.ts";

/** How soon the job is asked for again when it is in this phase, as the query decides it; milliseconds. */
function intervalOf(phase: string, verification: string | null): number | false | undefined {
  const { refetchInterval } = historyJobQuery(1);
  const data = { job: { phase }, verification: verification && { state: verification } };
  return typeof refetchInterval === "function" ? refetchInterval({ state: { data, error: null } } as never) : undefined;
}

describe("the page of a job", () => {
  it("learns of what somebody else does with an ended job, without being reloaded", () => {
    expect(intervalOf("incomplete", "complete")).toBe(15_000);
    expect(intervalOf("failed", "failed")).toBe(15_000);
  });

  it("follows a running job and a running verification closely", () => {
    expect(intervalOf("paused", null)).toBe(2_000);
    expect(intervalOf("complete", "running")).toBe(2_000);
  });
});
