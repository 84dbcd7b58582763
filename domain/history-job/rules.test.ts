import { describe, expect, it } from "vitest";
import { holdsSlot, JOB_PHASES, progressOf, remainingOf, statusOf } from "./history-job.ts";
import {
  type CreationFacts,
  checkShape,
  decideCreation,
  isSameRequest,
  lengthOfNextRun,
  type MissingFacts,
  phaseAtEnd,
  resolveWindow,
  slicesForRuns,
  stateAtEnd,
} from "./rules.ts";
import { type CreateHistoryJobInput, createHistoryJobInputSchema, type TimeWindowRequest } from "./schema.ts";

const now = new Date("2026-11-22T12:06:03.456Z");

function inputOf(fields: Partial<CreateHistoryJobInput> = {}): CreateHistoryJobInput {
  return createHistoryJobInputSchema.parse({ trailName: "audit-trail", ...fields });
}

const trail = { notValid: null, startLoggingTime: new Date("2026-10-23T08:00:00.900Z") } as const;
const facts: CreationFacts = { now, tokenJob: null, trail, missingOf: null, slotJobId: null };

describe("checkShape", () => {
  it.each([
    [{ trailName: "" }, "MissingTrailName"],
    [{ trailName: "short" }, "InvalidTrailNameException"],
    [{ trailName: "Upper-case" }, "InvalidTrailNameException"],
    [{ trailName: "1-starts-with-digit" }, "InvalidTrailNameException"],
    [{ trailName: "a".repeat(37) }, "InvalidTrailNameException"],
    [{ trailName: "audit-trail\n" }, "InvalidTrailNameException"],
    [{ clientToken: "a".repeat(65) }, "InvalidClientToken.Malformed"],
    [{ clientToken: "tokén" }, "InvalidClientToken.Malformed"],
    [{ clientToken: "tab\there" }, "InvalidClientToken.Malformed"],
    [{ clientToken: "令牌" }, "InvalidClientToken.Malformed"],
    [{ clientToken: "line\n" }, "InvalidClientToken.Malformed"],
  ] as const)("refuses %j with %s", (fields, code) => {
    expect(checkShape(inputOf(fields))).toMatchObject({ kind: "refuse", code });
  });

  it.each([
    [{ trailName: "a".repeat(100_000) }, "InvalidTrailNameException"],
    [{ clientToken: "a".repeat(100_000) }, "InvalidClientToken.Malformed"],
  ] as const)("has the same answer for text of any length", (fields, code) => {
    expect(checkShape(inputOf(fields))).toMatchObject({ kind: "refuse", code });
  });

  it.each([
    {},
    { clientToken: "" },
    { clientToken: "TF-CreateDeliveryHistoryJob-1764000000-7f0f2c0e-5b0f-4f0b-9a52-3" },
    { clientToken: "~ !\"#$%&'()*+,-./" },
  ])("takes %j", (fields) => {
    expect(checkShape(inputOf(fields))).toBeNull();
  });
});

describe("decideCreation", () => {
  const tokenJob = { id: 41, request: { trailName: "audit-trail", window: { kind: "default" } } } as const;

  it("looks at the token first: a retry of a success gets its job back while it runs", () => {
    expect(decideCreation(inputOf({ clientToken: "t" }), { ...facts, tokenJob, slotJobId: 41 })).toEqual({
      kind: "reuse",
      jobId: 41,
    });
  });

  it("gives a used token's job back when its trail is gone", () => {
    expect(decideCreation(inputOf({ clientToken: "t" }), { ...facts, tokenJob, trail: null })).toMatchObject({
      kind: "reuse",
    });
  });

  it.each<Partial<CreateHistoryJobInput>>([
    { trailName: "other-trail" },
    { window: { kind: "until-effect" } },
    { window: { kind: "own", from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z" } },
  ])("refuses a used token with another request %j", (fields) => {
    expect(decideCreation(inputOf({ clientToken: "t", ...fields }), { ...facts, tokenJob })).toMatchObject({
      kind: "refuse",
      code: "IdempotentParameterMismatch",
      details: { jobId: 41 },
    });
  });

  it("does not compare the reason", () => {
    expect(decideCreation(inputOf({ clientToken: "t", reason: "again" }), { ...facts, tokenJob })).toMatchObject({
      kind: "reuse",
    });
  });

  it("refuses an unknown trail before it looks at the slot", () => {
    expect(decideCreation(inputOf(), { ...facts, trail: null, slotJobId: 7 })).toMatchObject({
      code: "TrailNotFoundException",
    });
  });

  it.each(["organization-trail", "no-sls-destination", "no-log-project"] as const)(
    "refuses a trail that is not valid (%s) before it looks at the slot",
    (notValid) => {
      expect(decideCreation(inputOf(), { ...facts, trail: { ...trail, notValid }, slotJobId: 7 })).toMatchObject({
        code: "TrailNotValid",
        details: { why: notValid },
      });
    },
  );

  it("refuses a bad window before it looks at the slot", () => {
    const window = { kind: "own", from: "2026-11-02T00:00:00Z", to: "2026-11-02T00:00:00Z" } as const;
    expect(decideCreation(inputOf({ window }), { ...facts, slotJobId: 7 })).toMatchObject({
      code: "InvalidParameterCombination",
    });
  });

  it("refuses a second job while one holds the slot, and names it", () => {
    expect(decideCreation(inputOf({ clientToken: "new" }), { ...facts, slotJobId: 7 })).toMatchObject({
      code: "MaximumNumberOfDeliveryHistoryJobsExceededException",
      details: { jobId: 7 },
    });
  });

  it("creates with the vendor's default window in whole seconds", () => {
    expect(decideCreation(inputOf(), facts)).toEqual({
      kind: "create",
      from: new Date("2026-08-24T12:06:03Z"),
      to: new Date("2026-11-22T12:11:03Z"),
      slices: null,
    });
  });
});

describe("decideCreation, for what another job's logstore misses", () => {
  const input = inputOf({ window: { kind: "missing-of", jobId: 12 } });
  const hole = { region: "cn-hangzhou", day: "2026-11-03" };
  const older: MissingFacts = {
    jobId: 12,
    trailName: "audit-trail",
    phase: "complete",
    isDeleted: false,
    windowFrom: new Date("2026-08-10T00:00:00Z"),
    windowTo: new Date("2026-11-08T00:05:00Z"),
    verification: { isComparable: true, slicesMissing: [hole] },
  };
  const decide = (missingOf: MissingFacts | null, rest: Partial<CreationFacts> = {}) =>
    decideCreation(input, { ...facts, missingOf, ...rest });

  it.each<[string, Partial<MissingFacts>, string, string | undefined]>([
    ["of another trail", { trailName: "other-trail" }, "InvalidParameterCombination", undefined],
    ["that runs", { phase: "cancelling" }, "IncorrectDeliveryHistoryJobStatus", "job-running"],
    ["that was deleted", { isDeleted: true }, "IncorrectDeliveryHistoryJobStatus", "job-deleted"],
    ["without a verification", { verification: null }, "IncorrectDeliveryHistoryJobStatus", "not-verified"],
    [
      "whose sink cannot be read",
      { verification: { isComparable: false, slicesMissing: [] } },
      "IncorrectDeliveryHistoryJobStatus",
      "not-verified",
    ],
    [
      "without a hole",
      { verification: { isComparable: true, slicesMissing: [] } },
      "IncorrectDeliveryHistoryJobStatus",
      "nothing-missing",
    ],
    [
      "whose holes are older than history",
      { verification: { isComparable: true, slicesMissing: [{ ...hole, day: "2026-08-23" }] } },
      "IncorrectDeliveryHistoryJobStatus",
      "nothing-missing",
    ],
  ])("refuses a job %s", (_, fields, code, why) => {
    expect(decide({ ...older, ...fields })).toMatchObject({ code, details: { ...(why && { why }), jobId: 12 } });
  });

  it("refuses a job that the account does not have, before it looks at the slot", () => {
    expect(decide(null, { slotJobId: 7 })).toMatchObject({
      code: "DeliveryHistoryJobNotFound",
      details: { jobId: 12 },
    });
  });

  it("refuses it while another job holds the slot", () => {
    expect(decide(older, { slotJobId: 7 })).toMatchObject({
      code: "MaximumNumberOfDeliveryHistoryJobsExceededException",
    });
  });

  it.each(["complete", "incomplete", "failed", "cancelled"] as const)(
    "covers just the slices with a hole, in the older window from the oldest day that history keeps (%s)",
    (phase) => {
      const edge = { region: "cn-shanghai", day: "2026-08-24" };
      const gone = { region: "cn-shanghai", day: "2026-08-23" };
      const verification = { isComparable: true, slicesMissing: [gone, edge, hole] };
      expect(decide({ ...older, phase, verification })).toEqual({
        kind: "create",
        from: new Date("2026-08-24T00:00:00Z"),
        to: older.windowTo,
        slices: [edge, hole],
      });
    },
  );

  it("gives a used token's job back whatever became of the older one", () => {
    const tokenJob = {
      id: 13,
      request: { trailName: "audit-trail", window: { kind: "missing-of", jobId: 12 } },
    } as const;
    expect(decide(null, { tokenJob })).toEqual({ kind: "reuse", jobId: 13 });
    const request = { ...tokenJob.request, window: { kind: "missing-of", jobId: 11 } } as const;
    expect(decide(older, { tokenJob: { ...tokenJob, request } })).toMatchObject({
      code: "IdempotentParameterMismatch",
    });
  });
});

describe("resolveWindow", () => {
  it.each<[TimeWindowRequest, Date | null, string]>([
    [{ kind: "until-effect" }, null, "TrailNotValid"],
    [{ kind: "until-effect" }, new Date("2026-08-24T12:01:03.999Z"), "TrailNotValid"],
    [
      { kind: "own", from: "2026-08-24T12:06:02Z", to: "2026-11-01T00:00:00Z" },
      null,
      "InvalidParameterStartTimeOutOfDate",
    ],
    [{ kind: "own", from: "2026-11-02T00:00:00Z", to: "2026-11-01T00:00:00Z" }, null, "InvalidParameterCombination"],
    [{ kind: "own", from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }, null, "InvalidParameterCombination"],
  ])("refuses %j with a trail that took effect at %s", (request, startLoggingTime, code) => {
    expect(resolveWindow(request, startLoggingTime, now)).toMatchObject({ kind: "refuse", code });
  });

  it("ends 5 minutes after the trail took effect", () => {
    expect(resolveWindow({ kind: "until-effect" }, trail.startLoggingTime, now)).toEqual({
      kind: "window",
      from: new Date("2026-08-24T12:06:03Z"),
      to: new Date("2026-10-23T08:05:00Z"),
    });
  });

  it("takes an own window that begins with the first second of history", () => {
    const request = { kind: "own", from: "2026-08-24T12:06:03Z", to: "2026-08-24T12:06:04Z" } as const;
    expect(resolveWindow(request, null, now)).toMatchObject({ kind: "window", from: new Date(request.from) });
  });
});

describe("isSameRequest", () => {
  it("tells own windows by both ends", () => {
    const window = { kind: "own", from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z" } as const;
    const request = { trailName: "audit-trail", window };
    expect(isSameRequest(request, { ...request })).toBe(true);
    expect(isSameRequest(request, { ...request, window: { ...window, to: "2026-11-02T00:00:01Z" } })).toBe(false);
  });
});

describe("states", () => {
  it("gives every phase the vendor's status, and the slot to those below 2", () => {
    expect(JOB_PHASES.map((phase) => [phase, statusOf(phase), holdsSlot(phase)])).toEqual([
      ["queued", 0, true],
      ["delivering", 1, true],
      ["paused", 1, true],
      ["cancelling", 1, true],
      ["complete", 2, false],
      ["incomplete", 3, false],
      ["failed", 3, false],
      ["cancelled", 3, false],
    ]);
  });

  it.each([
    [["complete", "waiting"], null],
    [["failed", "delivering"], null],
    [["complete", "complete"], "complete"],
    [[], "complete"],
    [["complete", "incomplete"], "incomplete"],
    [["incomplete", "failed", "complete"], "failed"],
    [["complete", "stopped"], "failed"],
  ] as const)("ends a job whose slices are %j as %s", (states, phase) => {
    expect(phaseAtEnd(states.map((state) => ({ state })))).toBe(phase);
  });

  it.each([
    [{ expected: 3, delivered: 3, undeliverable: 0, gap: 0 }, "complete"],
    [{ expected: 3, delivered: 2, undeliverable: 1, gap: 0 }, "incomplete"],
    [{ expected: 3, delivered: 2, undeliverable: 0, gap: 0 }, "incomplete"],
  ] as const)("ends a slice that was read to its end with %j as %s", (ledger, state) => {
    expect(stateAtEnd(ledger)).toBe(state);
  });

  it("keeps the ledger: remaining is what no other term explains", () => {
    const ledger = { expected: 10, delivered: 5, undeliverable: 2, gap: 1 };
    expect(remainingOf(ledger)).toBe(2);
    expect(progressOf(ledger)).toBe(0.8);
    expect(progressOf({ expected: 0, delivered: 0, undeliverable: 0, gap: 0 })).toBe(1);
  });
});

describe("lengthOfNextRun", () => {
  it.each([
    [[60_000, 1], 1_000_000, 1],
    [[20_000, 20_000, 20_000], 1_000_000, 2],
    [[25_000, 25_000, 1], 1_000_000, 2],
    [[3_000, 3_000, 3_000, 3_000, 12_000], 24_000, 2],
    [[1_000, 1_000, 1_000, 1_000], 4_000, 2],
    [[2_001, 2_001, 2_001], 6_003, 1],
    [[10, 10, 10, 10], 40, 4],
  ])("covers of %j in a job of %i events %i slices", (counts, jobExpected, length) => {
    const slices = counts.map((expected) => ({ expected }));
    expect(lengthOfNextRun(slices, jobExpected)).toBe(length);
  });

  it.each([
    ["covers all of a small job, whatever the number of its slices", 1_000, 1_000, 1_000, null],
    [
      "covers no more slices of another than are read to find out, however few events they have",
      20_000,
      2_366,
      250,
      750,
    ],
  ])("%s", (_, jobExpected, sliceCount, length, readForThree) => {
    const slices = Array.from({ length: sliceCount }, () => ({ expected: 1 }));
    expect(lengthOfNextRun(slices, jobExpected)).toBe(length);
    expect(slicesForRuns(3, jobExpected)).toBe(readForThree);
  });
});
