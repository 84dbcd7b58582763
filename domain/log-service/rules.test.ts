import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOGSTORE_NAME_PATTERN, PROJECT_NAME_PATTERN, type PutLogsAnswer } from "./log-service.ts";
import { backoffMs, type Verdict, verdictOn } from "./rules.ts";

function refused(status: number, code: string): PutLogsAnswer {
  return { kind: "refused", status, code, message: "", retryAfterMs: null };
}

describe("verdictOn", () => {
  it.each<[number, string, Verdict]>([
    [401, "SignatureNotMatch", "stop-job"],
    [403, "SignatureNotMatch", "stop-job"],
    [401, "InvalidAccessKeyId", "stop-job"],
    [400, "InvalidAccessKeyId", "stop-job"],
    [401, "Unauthorized", "stop-job"],
    [403, "Unauthorized", "stop-job"],
    [403, "ProjectForbidden", "stop-job"],
    [401, "BadResponse", "stop-job"],
    [404, "ProjectNotExist", "stop-job"],
    [404, "LogStoreNotExist", "stop-job"],
    [404, "BadResponse", "stop-job"],
    [301, "BadResponse", "stop-job"],
    [204, "BadResponse", "stop-job"],
    [400, "PostBodyInvalid", "fail-slice"],
    [400, "InvalidTimestamp", "fail-slice"],
    [400, "InvalidKey", "fail-slice"],
    [400, "BadResponse", "fail-slice"],
    [400, "PostBodyTooLarge", "fail-slice"],
    [413, "PostBodyTooLarge", "fail-slice"],
    [413, "BadResponse", "fail-slice"],
    [403, "WriteQuotaExceed", "retry"],
    [403, "ShardWriteQuotaExceed", "retry"],
    [403, "ExceedQuota", "retry"],
    [400, "ExceedQuota", "retry"],
    [400, "Throttling", "retry"],
    [403, "Throttling.User", "retry"],
    [400, "Rejected.Throttling", "retry"],
    [400, "NotThrottling", "fail-slice"],
    [400, "RequestTimeExpired", "retry"],
    [400, "RequestTimeTooSkewed", "retry"],
    [408, "BadResponse", "retry"],
    [429, "BadResponse", "retry"],
    [500, "InternalServerError", "retry"],
    [502, "BadResponse", "retry"],
    [503, "ServerBusy", "retry"],
    [504, "BadResponse", "retry"],
  ])("answers %i %s with %s", (status, code, verdict) => {
    expect(verdictOn(refused(status, code))).toBe(verdict);
  });

  it("sends again what was not answered", () => {
    expect(verdictOn({ kind: "unanswered", message: "connection reset" })).toBe("retry");
  });

  it("goes on after an acknowledgement, with counts or without", () => {
    expect(verdictOn({ kind: "accepted", counts: null })).toBe("accepted");
    expect(verdictOn({ kind: "accepted", counts: { new: 1, present: 0, conflicts: [] } })).toBe("accepted");
  });
});

describe("backoffMs", () => {
  const longest = () => 1 - Number.EPSILON;

  it("doubles its ceiling with every failure, up to 60 seconds", () => {
    const ceilings = [1, 2, 3, 8, 9, 10, 5_000].map((attempt) => backoffMs(attempt, longest, null));
    expect(ceilings).toEqual([249, 499, 999, 31_999, 59_999, 59_999, 59_999]);
  });

  it("may be nothing at all: the jitter is full", () => {
    expect(backoffMs(20, () => 0, null)).toBe(0);
  });

  it("never comes back before the time the sink asked for", () => {
    expect(backoffMs(1, () => 0, 7_000)).toBe(7_000);
    expect(backoffMs(1, longest, 7_000)).toBe(7_249);
  });

  it("honours no wait of more than 5 minutes", () => {
    expect(backoffMs(1, () => 0, 86_400_000)).toBe(300_000);
  });

  it("is a whole number of milliseconds within its bounds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.nat(10_000_000)),
        (attempt, random, retryAfterMs) => {
          const waitMs = backoffMs(attempt, () => random, retryAfterMs);
          expect(Number.isInteger(waitMs)).toBe(true);
          expect(waitMs).toBeGreaterThanOrEqual(Math.min(retryAfterMs ?? 0, 300_000));
          expect(waitMs).toBeLessThan(360_000);
        },
      ),
    );
  });
});

describe("names", () => {
  it.each(["", "a", "-ab", "ab-", "_ab", "ab_", "Ab", "a b", "a.b", "ä1", "a".repeat(64)])(
    "refuses the logstore %j",
    (name) => {
      expect(LOGSTORE_NAME_PATTERN.test(name)).toBe(false);
    },
  );

  it.each(["ab", "a1", "0a", "actiontrail_my-trail", "a".repeat(63)])("takes the logstore %j", (name) => {
    expect(LOGSTORE_NAME_PATTERN.test(name)).toBe(true);
  });

  it.each(["", "ab", "-abc", "abc-", "a_c", "A1c", "a.c", "a".repeat(64)])("refuses the project %j", (name) => {
    expect(PROJECT_NAME_PATTERN.test(name)).toBe(false);
  });

  it.each(["abc", "backtrail-audit", "0a0", "a".repeat(63)])("takes the project %j", (name) => {
    expect(PROJECT_NAME_PATTERN.test(name)).toBe(true);
  });
});
