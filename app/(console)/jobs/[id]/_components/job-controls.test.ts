import { expect, test } from "vitest";
import { wordsIn } from "@/components/language/words.ts";
import { isAllowed } from "@/domain/access/policy.ts";
import { ROLE_POLICIES, type Role } from "@/domain/access/role.ts";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import { jobControlWords } from "./control-words.ts";
import { commonWhy, controlsOf, JOB_CONTROL_ACTIONS, JOB_CONTROLS, type OfferFacts } from "./job-controls.ts";

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
  return controlsOf(facts, permittedTo(role), wordsIn(jobControlWords, "en"))
    .map(({ control, why }) => (why === null ? control : `${control} (${why})`))
    .join(", ");
}

const RETRY = { slices: 2, remaining: 0, undeliverable: 31 };
const MISSING = { state: "complete", slicesMissing: 2 };

/** The same for a viewer, who reads one reason for all that is not theirs. */
function shownToViewer(facts: OfferFacts): string {
  return shown(facts, "viewer").replaceAll("Viewers can't control jobs. Ask an operator or admin.", "not permitted");
}

test.each<[JobPhase, Case, string]>([
  ["queued", {}, "pause"],
  ["delivering", {}, "pause"],
  ["paused", {}, "resume"],
])("a viewer can do nothing with a job that is %s, and is told why", (phase, facts, hold) => {
  const controls = ["delete", hold, "limit", "cancel"].map((control) => `${control} (not permitted)`);
  expect(shownToViewer(factsOf(phase, facts))).toBe(controls.join(", "));
});

test.each<[JobPhase, Case, string]>([
  [
    "cancelling",
    { claims: 2 },
    "delete (not permitted), pause (not permitted), limit (not permitted), cancel (not permitted)",
  ],
  [
    "complete",
    { verification: MISSING },
    "delete (not permitted), verify, download, redeliver-missing (not permitted)",
  ],
  ["incomplete", { retry: RETRY }, "delete (not permitted), verify, download, retry (not permitted)"],
  ["failed", { retry: RETRY }, "delete (not permitted), verify, download, retry (not permitted)"],
  ["cancelled", {}, "delete (not permitted), verify, download, retry (not permitted)"],
  ["complete", { isDeleted: true }, "verify, download"],
])("a viewer with a job that is %s, %j: %s", (phase, facts, controls) => {
  expect(shownToViewer(factsOf(phase, facts))).toBe(controls);
});

test.each<[JobPhase, Case, string]>([
  ["queued", {}, "delete, pause, limit, cancel"],
  ["delivering", { claims: 4 }, "delete, pause, limit, cancel"],
  ["paused", {}, "delete, resume, limit, cancel"],
  ["cancelling", {}, "delete, pause (Ending already.), limit (Ending already.), cancel (Ending already.)"],
  [
    "cancelling",
    { claims: 2 },
    "delete, pause (Ending already: waits for 2 slices whose last batch is on the wire.), " +
      "limit (Ending already: waits for 2 slices whose last batch is on the wire.), " +
      "cancel (Ending already: waits for 2 slices whose last batch is on the wire.)",
  ],
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

test("a reason that several controls have is told once, and one of its own beside its control", () => {
  const commonOf = (facts: OfferFacts, role: Role) =>
    commonWhy(controlsOf(facts, permittedTo(role), wordsIn(jobControlWords, "en")));
  expect(commonOf(factsOf("cancelling"), "operator")).toBe("Ending already.");
  expect(commonOf(factsOf("delivering"), "viewer")).toMatch(/^Viewers can't/);
  expect(commonOf(factsOf("incomplete"), "operator")).toBeNull();
});
