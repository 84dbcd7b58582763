import { describe, expect, it } from "vitest";
import type { DomainErrorDetails } from "@/domain/errors.ts";
import {
  type ControlDecision,
  type ControlFacts,
  decideCancel,
  decideDelete,
  decideLimit,
  decidePause,
  decideResume,
  decideRetry,
  liveEntriesMaxOf,
  type RetryFacts,
  retryOf,
} from "./control.ts";
import { JOB_PHASES, type JobPhase } from "./history-job.ts";

function jobIn(phase: JobPhase, fields: Partial<ControlFacts> = {}): ControlFacts {
  return { id: 7, phase, endsAs: phase === "cancelling" ? "cancelled" : null, isDeleted: false, ...fields };
}

/** A decision in one word: go, done, or why not. */
function wordFor(decision: ControlDecision): string {
  return decision.kind === "refuse" ? String(decision.details.why) : decision.kind;
}

const LEFT = { expected: 10, delivered: 4, undeliverable: 0, gap: 0 };
const DELIVERED = { expected: 10, delivered: 10, undeliverable: 0, gap: 0 };
const REFUSED = { expected: 10, delivered: 8, undeliverable: 2, gap: 0 };
const GONE = { expected: 10, delivered: 8, undeliverable: 0, gap: 2 };

const retryFacts: RetryFacts = { slices: [LEFT], hasLogProject: true, slotJobId: null };
const decideRetryOfLeft = (job: ControlFacts) => decideRetry(job, retryFacts);

describe("a change of a job's course", () => {
  it.each([
    ["pause", decidePause],
    ["resume", decideResume],
    ["cancel", decideCancel],
    ["limit", decideLimit],
    ["retry", decideRetryOfLeft],
  ] as const)("%s is refused for a deleted job in every phase", (_name, decide) => {
    for (const phase of JOB_PHASES) {
      expect(decide(jobIn(phase, { isDeleted: true }))).toEqual({
        kind: "refuse",
        code: "IncorrectDeliveryHistoryJobStatus",
        details: { jobId: 7, why: "job-deleted" } satisfies DomainErrorDetails,
      });
    }
  });

  const columns = ["queued", "delivering", "paused", "cancelling", "complete", "incomplete", "failed", "cancelled"];
  const ended = ["job-ended", "job-ended", "job-ended", "job-ended"];

  it.each([
    ["pause", decidePause, ["go", "go", "done", "job-ending", ...ended]],
    ["resume", decideResume, ["done", "done", "go", "job-ending", ...ended]],
    ["cancel", decideCancel, ["go", "go", "go", "done", "job-ended", "job-ended", "job-ended", "done"]],
    ["limit", decideLimit, ["go", "go", "go", "job-ending", ...ended]],
    ["delete", decideDelete, ["go", "go", "go", "go", "go", "go", "go", "go"]],
    [
      "retry",
      decideRetryOfLeft,
      ["job-running", "job-running", "job-running", "job-running", "job-complete", "go", "go", "job-cancelled"],
    ],
  ] as const)("%s is decided by the phase", (_name, decide, words) => {
    expect(columns).toEqual([...JOB_PHASES]);
    expect(JOB_PHASES.map((phase) => wordFor(decide(jobIn(phase))))).toEqual(words);
  });

  it("cannot make a failing job a cancelled one", () => {
    expect(wordFor(decideCancel(jobIn("cancelling", { endsAs: "failed" })))).toBe("job-ending");
  });

  it("finds a deleted job gone for who deletes it again, as the vendor's clients expect", () => {
    expect(decideDelete(jobIn("complete", { isDeleted: true }))).toMatchObject({
      kind: "refuse",
      code: "DeliveryHistoryJobNotFound",
    });
  });
});

describe("a retry", () => {
  it.each([
    ["nothing is left but gaps, which are gone", { slices: [DELIVERED, GONE] }, "nothing-to-retry"],
    ["the log project is not known any more", { hasLogProject: false, slotJobId: 9 }, "no-log-project"],
  ] as const)("is refused when %s", (_name, facts, why) => {
    expect(decideRetry(jobIn("failed"), { ...retryFacts, ...facts })).toMatchObject({
      kind: "refuse",
      details: { why },
    });
  });

  it("is refused while another job holds the slot, and names it", () => {
    expect(decideRetry(jobIn("failed"), { ...retryFacts, slotJobId: 9 })).toEqual({
      kind: "refuse",
      code: "MaximumNumberOfDeliveryHistoryJobsExceededException",
      details: { jobId: 9 },
    });
  });

  it("takes up what remains and what was refused, and no gap", () => {
    expect(retryOf(jobIn("failed"), [LEFT, DELIVERED, REFUSED, GONE])).toEqual({
      slices: 2,
      remaining: 6,
      undeliverable: 2,
    });
    expect(wordFor(decideRetry(jobIn("incomplete"), { ...retryFacts, slices: [DELIVERED, REFUSED] }))).toBe("go");
  });
});

describe("the worker places of a job", () => {
  it.each([
    [{ eventsPerSecondMax: null, isSinkSick: false }, 4],
    [{ eventsPerSecondMax: null, isSinkSick: true }, 1],
    [{ eventsPerSecondMax: 1, isSinkSick: false }, 1],
    [{ eventsPerSecondMax: 5_000, isSinkSick: false }, 1],
    [{ eventsPerSecondMax: 5_001, isSinkSick: false }, 2],
    [{ eventsPerSecondMax: 1_000_000, isSinkSick: false }, 4],
    [{ eventsPerSecondMax: 1_000_000, isSinkSick: true }, 1],
  ])("under %j are %i", (job, places) => {
    expect(liveEntriesMaxOf(job)).toBe(places);
  });
});
