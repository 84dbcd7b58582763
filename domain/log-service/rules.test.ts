import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOGSTORE_NAME_PATTERN, PROJECT_NAME_PATTERN, type PutLogsAnswer } from "./log-service.ts";
import {
  backoffMs,
  decideTurn,
  isGivenUp,
  type OpenCircuit,
  sinkRestMs,
  troubleOf,
  type Verdict,
  verdictOn,
} from "./rules.ts";

function refused(status: number, code: string, message = "") {
  return { kind: "refused", status, code, message, retryAfterMs: null } as const satisfies PutLogsAnswer;
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
    [400, "PostBodyInvalid", "split"],
    [400, "InvalidTimestamp", "delivery-time"],
    [400, "InvalidKey", "split"],
    [400, "InvalidEncoding", "split"],
    [400, "BadResponse", "split"],
    [400, "PostBodyTooLarge", "split"],
    [413, "PostBodyTooLarge", "split"],
    [413, "BadResponse", "split"],
    [400, "MissingBodyRawSize", "fail-slice"],
    [400, "InvalidBodyRawSize", "fail-slice"],
    [400, "InvalidCompressType", "fail-slice"],
    [400, "PostBodyUncompressError", "fail-slice"],
    [403, "WriteQuotaExceed", "retry"],
    [403, "ShardWriteQuotaExceed", "retry"],
    [403, "ExceedQuota", "retry"],
    [400, "ExceedQuota", "retry"],
    [400, "Throttling", "retry"],
    [403, "Throttling.User", "retry"],
    [400, "Rejected.Throttling", "retry"],
    [400, "NotThrottling", "split"],
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

  it.each([
    "The post data time is out of range",
    "the log's timestamp is too old",
    "time 1763800000 of log 3 is invalid",
  ])("takes %j for a log time out of range", (message) => {
    expect(verdictOn(refused(400, "PostBodyInvalid", message))).toBe("delivery-time");
  });

  it.each(["key is out of range", "timeout", "the log was sent in no time"])("finds no log time in %j", (message) => {
    expect(verdictOn(refused(400, "PostBodyInvalid", message))).toBe("split");
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

describe("troubleOf", () => {
  it.each([
    [500, "BadResponse", "endpoint"],
    [502, "BadResponse", "endpoint"],
    [503, "ServerBusy", "endpoint"],
    [408, "BadResponse", "endpoint"],
    [403, "WriteQuotaExceed", "project"],
    [403, "ShardWriteQuotaExceed", "project"],
    [429, "BadResponse", "project"],
    [400, "RequestTimeExpired", "project"],
  ] as const)("blames %i %s on the %s", (status, code, cause) => {
    expect(troubleOf(refused(status, code, "words"))).toEqual({ cause, code, message: "words", retryAfterMs: null });
  });

  it("blames silence on the endpoint", () => {
    expect(troubleOf({ kind: "unanswered", message: "reset" })).toMatchObject({ cause: "endpoint", code: "NoAnswer" });
  });
});

describe("decideTurn", () => {
  const now = new Date("2026-11-22T10:00:00.000Z");
  const at = (ms: number) => new Date(now.getTime() + ms);
  const own: OpenCircuit = { cause: "endpoint", triedAt: at(-10_000), retryAt: at(-1), holderUntil: null };

  it("gives the turn at once when the rest is over and nobody has it", () => {
    expect(decideTurn(now, own, [])).toEqual({ kind: "turn", inMs: 0 });
  });

  it("gives the turn in advance when the rest is nearly over, and sends away when it is not", () => {
    expect(decideTurn(now, { ...own, retryAt: at(3_000) }, [])).toEqual({ kind: "turn", inMs: 3_000 });
    expect(decideTurn(now, { ...own, retryAt: at(3_001) }, [])).toEqual({ kind: "wait", ms: 3_001 });
  });

  it("sends away while another has the turn, and gives it once that one's lease has ended", () => {
    expect(decideTurn(now, { ...own, holderUntil: at(1) }, [])).toEqual({ kind: "wait", ms: 5_000 });
    expect(decideTurn(now, { ...own, holderUntil: now }, [])).toEqual({ kind: "turn", inMs: 0 });
  });

  it("keeps tries a second apart, those of the endpoint's other sick projects included", () => {
    expect(decideTurn(now, { ...own, triedAt: at(-400) }, [])).toEqual({ kind: "turn", inMs: 600 });
    expect(decideTurn(now, own, [{ ...own, triedAt: at(-400) }])).toEqual({ kind: "turn", inMs: 600 });
    expect(decideTurn(now, own, [{ ...own, holderUntil: at(1) }])).toEqual({ kind: "wait", ms: 5_000 });
  });

  it("minds no other project when the trouble is the project's own, on either side", () => {
    const busy = { ...own, triedAt: now, holderUntil: at(60_000) };
    expect(decideTurn(now, { ...own, cause: "project" }, [busy])).toEqual({ kind: "turn", inMs: 0 });
    expect(decideTurn(now, own, [{ ...busy, cause: "project" }])).toEqual({ kind: "turn", inMs: 0 });
  });
});

describe("sinkRestMs", () => {
  it("is a second at least and otherwise the back-off", () => {
    expect(sinkRestMs(1, () => 0, null)).toBe(1_000);
    expect(sinkRestMs(9, () => 0.5, null)).toBe(30_000);
    expect(sinkRestMs(1, () => 0, 7_000)).toBe(7_000);
  });
});

describe("isGivenUp", () => {
  const sixHours = 6 * 3_600_000;

  it("waits six hours, and for a job that came later its own six", () => {
    expect(isGivenUp(sixHours - 1, sixHours)).toBe(false);
    expect(isGivenUp(sixHours, sixHours)).toBe(true);
    expect(isGivenUp(sixHours, 60_000)).toBe(false);
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
