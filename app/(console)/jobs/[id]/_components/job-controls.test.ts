import { expect, test } from "vitest";
import { wordsIn } from "@/components/language/words.ts";
import { isAllowed } from "@/domain/access/policy.ts";
import { ROLE_POLICIES, type Role } from "@/domain/access/role.ts";
import { JOB_PHASES, type JobPhase } from "@/domain/history-job/history-job.ts";
import { jobControlWords } from "./control-words.ts";
import { askedOf, commonWhy, controlsOf, JOB_CONTROL_ACTIONS, JOB_CONTROLS, type OfferFacts } from "./job-controls.ts";

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

/** Controls that all have this reason. */
function all(controls: readonly string[], why: string): string {
  return controls.map((control) => `${control} (${why})`).join(", ");
}

const RETRY = { slices: 2, remaining: 0, undeliverable: 31 };
const MISSING = { state: "complete", slicesMissing: 2 };

const NOT_PERMITTED = "Viewers can't control jobs. Ask an operator or admin.";
const DELETED = "It was deleted; its report stays.";
const NO_RETRY_YET = "retry (Nothing to retry while it runs.)";
const ENDED = all(["pause", "limit", "cancel"], "It has ended.");

test.each<[JobPhase, Case, string]>([
  ["queued", {}, "pause"],
  ["delivering", {}, "pause"],
  ["paused", {}, "resume"],
  ["cancelling", { claims: 2 }, "pause"],
])("a viewer can do nothing with a job that is %s, and is told why", (phase, facts, hold) => {
  const controls = ["delete", hold, "limit", "cancel", "retry"];
  expect(shown(factsOf(phase, facts), "viewer")).toBe(all(controls, NOT_PERMITTED));
});

test.each<[JobPhase, Case, readonly string[]]>([
  ["complete", {}, ["retry"]],
  ["complete", { verification: MISSING }, ["redeliver-missing", "retry"]],
  ["incomplete", { retry: RETRY }, ["retry"]],
  ["failed", { retry: RETRY }, ["retry"]],
  ["cancelled", {}, ["retry"]],
  ["complete", { isDeleted: true }, ["retry"]],
])("a viewer with a job that is %s, %j, reads its report and is told why nothing else", (phase, facts, own) => {
  const rest = all([...own, "pause", "limit", "cancel"], NOT_PERMITTED);
  expect(shown(factsOf(phase, facts), "viewer")).toBe(`delete (${NOT_PERMITTED}), verify, download, ${rest}`);
});

test.each<[JobPhase, Case, string]>([
  ["queued", {}, `delete, pause, limit, cancel, ${NO_RETRY_YET}`],
  ["delivering", { claims: 4 }, `delete, pause, limit, cancel, ${NO_RETRY_YET}`],
  ["paused", {}, `delete, resume, limit, cancel, ${NO_RETRY_YET}`],
  ["cancelling", {}, `delete, ${all(["pause", "limit", "cancel"], "Ending already.")}, ${NO_RETRY_YET}`],
  [
    "cancelling",
    { claims: 2 },
    `delete, ${all(["pause", "limit", "cancel"], "Ending already: waits for 2 slices that a worker still holds.")}, ${NO_RETRY_YET}`,
  ],
  ["cancelling", { claims: 1, isDeleted: true }, all(["delete", "pause", "limit", "cancel", "retry"], DELETED)],
  ["complete", {}, `delete, verify, download, retry (Everything was delivered.), ${ENDED}`],
  ["complete", { verification: null }, `delete, verify, download, retry (Everything was delivered.), ${ENDED}`],
  [
    "complete",
    { verification: { state: "running", slicesMissing: 2 } },
    `delete, verify (Being verified now.), download, retry (Everything was delivered.), ${ENDED}`,
  ],
  [
    "complete",
    { verification: MISSING },
    `delete, verify, download, redeliver-missing, retry (Everything was delivered.), ${ENDED}`,
  ],
  [
    "complete",
    { verification: MISSING, slotJobId: 43 },
    `delete, verify, download, redeliver-missing (Slot taken by job 43.), retry (Everything was delivered.), ${ENDED}`,
  ],
  [
    "complete",
    { verification: MISSING, isDeleted: true },
    `delete (${DELETED}), verify, download, ${all(["redeliver-missing", "retry", "pause", "limit", "cancel"], DELETED)}`,
  ],
  ["incomplete", { retry: RETRY }, `delete, verify, download, retry, ${ENDED}`],
  ["incomplete", { retry: RETRY, slotJobId: 43 }, `delete, verify, download, retry (Slot taken by job 43.), ${ENDED}`],
  ["incomplete", {}, `delete, verify, download, retry (Nothing of it is left in history to send.), ${ENDED}`],
  ["failed", { retry: RETRY, verification: MISSING }, `delete, verify, download, redeliver-missing, retry, ${ENDED}`],
  [
    "failed",
    { retry: RETRY, isDeleted: true },
    `delete (${DELETED}), verify, download, ${all(["retry", "pause", "limit", "cancel"], DELETED)}`,
  ],
  ["cancelled", {}, `delete, verify, download, retry (A cancelled job is not taken up again.), ${ENDED}`],
])("an operator with a job that is %s, %j: %s", (phase, facts, controls) => {
  expect(shown(factsOf(phase, facts), "operator")).toBe(controls);
  expect(shown(factsOf(phase, facts), "admin")).toBe(controls);
});

test("a slot that another job takes withdraws the question of a retry, and leaves that of what is missing open", () => {
  const facts = factsOf("failed", { retry: RETRY, verification: MISSING, slotJobId: 43 });
  const asked = (opened: "redeliver-missing" | "retry", role: Role, of = facts) =>
    askedOf(opened, of, permittedTo(role), wordsIn(jobControlWords, "en"));
  expect(asked("redeliver-missing", "operator")).toBe("redeliver-missing");
  expect(asked("retry", "operator")).toBeNull();
  expect(asked("retry", "operator", { ...facts, slotJobId: null })).toBe("retry");
  expect(asked("redeliver-missing", "viewer")).toBeNull();
  expect(asked("redeliver-missing", "operator", factsOf("failed", { verification: null }))).toBeNull();
});

test("every control of a job's course is there in every phase, in both languages, and what can't be pressed says why", () => {
  for (const language of ["en", "zh-CN"] as const) {
    for (const phase of JOB_PHASES) {
      const offered = controlsOf(factsOf(phase), permittedTo("operator"), wordsIn(jobControlWords, language));
      const names = offered.map(({ control }) => (control === "resume" ? "pause" : control));
      expect(names).toEqual(expect.arrayContaining(["pause", "limit", "cancel", "retry", "delete"]));
      expect(offered.every(({ why }) => why === null || why.length > 0)).toBe(true);
    }
  }
});

test("the reason that most controls have is told once, and one of its own beside its control", () => {
  const commonOf = (facts: OfferFacts, role: Role) =>
    commonWhy(controlsOf(facts, permittedTo(role), wordsIn(jobControlWords, "en")));
  expect(commonOf(factsOf("cancelling"), "operator")).toBe("Ending already.");
  expect(commonOf(factsOf("delivering"), "viewer")).toMatch(/^Viewers can't/);
  expect(commonOf(factsOf("delivering"), "operator")).toBeNull();
  const besideRetry = factsOf("incomplete", { retry: RETRY, verification: MISSING, slotJobId: 43 });
  expect(commonOf(besideRetry, "operator")).toBe("It has ended.");
});
