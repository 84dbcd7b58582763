import { expect, test } from "vitest";
import { wordsIn } from "@/components/language/words.ts";
import { isAllowed } from "@/domain/access/policy.ts";
import { ROLE_POLICIES, type Role } from "@/domain/access/role.ts";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import { controlsOf, JOB_CONTROL_ACTIONS, JOB_CONTROLS, type OfferFacts } from "./job-controls.ts";
import { jobPageWords } from "./words.ts";

type Case = Partial<Omit<OfferFacts, "job">> & { readonly claims?: number; readonly isDeleted?: boolean };

function factsOf(phase: JobPhase, { claims = 0, isDeleted = false, ...rest }: Case = {}): OfferFacts {
  return {
    job: { id: 42, phase, claims, deletedAt: isDeleted ? "2026-11-22T12:00:00.000Z" : null },
    retry: null,
    verification: { state: "complete", slicesMissing: 0 },
    slotJobId: null,
    ...rest,
  };
}

function permittedTo(role: Role) {
  return JOB_CONTROLS.filter((control) => isAllowed([ROLE_POLICIES[role]], JOB_CONTROL_ACTIONS[control], "*"));
}

/** "pause, cancel (its reason)" */
function shown(facts: OfferFacts, role: Role): string {
  return controlsOf(facts, permittedTo(role), wordsIn(jobPageWords, "en"))
    .map(({ control, why }) => (why === null ? control : `${control} (${why})`))
    .join(", ");
}

const RETRY = { slices: 2, remaining: 0, undeliverable: 31 };
const MISSING = { state: "complete", slicesMissing: 2 };

test.each<[JobPhase, Case]>([
  ["queued", {}],
  ["delivering", {}],
  ["paused", {}],
  ["cancelling", { claims: 2 }],
])("a viewer can do nothing with a job that is %s", (phase, facts) => {
  expect(shown(factsOf(phase, facts), "viewer")).toBe("");
});

test.each<[JobPhase, Case]>([
  ["complete", { verification: MISSING }],
  ["incomplete", { retry: RETRY }],
  ["failed", { retry: RETRY }],
  ["cancelled", {}],
  ["complete", { isDeleted: true }],
])("a viewer verifies and downloads a job that is %s, and nothing else", (phase, facts) => {
  expect(shown(factsOf(phase, facts), "viewer")).toBe("verify, download");
});

test.each<[JobPhase, Case, string]>([
  ["queued", {}, "delete, pause, limit, cancel"],
  ["delivering", { claims: 4 }, "delete, pause, limit, cancel"],
  ["paused", {}, "delete, resume, limit, cancel"],
  ["cancelling", {}, "delete, cancel (Ending already.)"],
  ["cancelling", { claims: 2 }, "delete, cancel (Ending already: waits for 2 slices whose last batch is on the wire.)"],
  ["cancelling", { claims: 1, isDeleted: true }, ""],
  ["complete", {}, "delete, verify, download"],
  ["complete", { verification: null }, "delete, verify, download"],
  [
    "complete",
    { verification: { state: "running", slicesMissing: 2 } },
    "delete, verify (Being verified now.), download",
  ],
  ["complete", { verification: MISSING }, "delete, verify, download, redeliver-missing"],
  [
    "complete",
    { verification: MISSING, slotJobId: 43 },
    "delete, verify, download, redeliver-missing (Slot taken by job 43.)",
  ],
  ["complete", { verification: MISSING, isDeleted: true }, "verify, download"],
  ["incomplete", { retry: RETRY }, "delete, verify, download, retry"],
  ["incomplete", { retry: RETRY, slotJobId: 43 }, "delete, verify, download, retry (Slot taken by job 43.)"],
  ["incomplete", {}, "delete, verify, download, retry (Nothing of it is left in history to send.)"],
  ["failed", { retry: RETRY, verification: MISSING }, "delete, verify, download, redeliver-missing, retry"],
  ["failed", { retry: RETRY, isDeleted: true }, "verify, download"],
  ["cancelled", {}, "delete, verify, download, retry (A cancelled job is not taken up again.)"],
])("an operator with a job that is %s, %j: %s", (phase, facts, controls) => {
  expect(shown(factsOf(phase, facts), "operator")).toBe(controls);
  expect(shown(factsOf(phase, facts), "admin")).toBe(controls);
});
