import { describe, expect, it } from "vitest";
import { type ConnectionVerdict, connectionVerdictOn } from "./connection.ts";

const common = { durationMs: 12, logstore: "a-logstore", message: "words", requestId: null };

describe("connectionVerdictOn", () => {
  it.each<[number, string | null, ConnectionVerdict]>([
    [200, null, "accepted"],
    [404, "LogStoreNotExist", "no-logstore"],
    [404, "ProjectNotExist", "no-project"],
    [401, "SignatureNotMatch", "wrong-key"],
    [403, "SignatureNotMatch", "wrong-key"],
    [401, "InvalidAccessKeyId", "wrong-key"],
    [401, "Unauthorized", "not-allowed"],
    [403, "ProjectForbidden", "not-allowed"],
    [403, "SomethingNew", "not-allowed"],
    [400, "RequestTimeExpired", "clock"],
    [400, "PostBodyInvalid", "accepted-key"],
    [403, "WriteQuotaExceed", "busy"],
    [429, "BadResponse", "busy"],
    [503, "ServerBusy", "failing"],
    [500, "BadResponse", "failing"],
    [404, "BadResponse", "no-log-service"],
    [302, "BadResponse", "no-log-service"],
    [401, "BadResponse", "no-log-service"],
    [200, "BadResponse", "no-log-service"],
  ])("takes %i %s for %s", (status, code, verdict) => {
    expect(connectionVerdictOn({ ...common, kind: "answered", status, code })).toBe(verdict);
  });

  it("says of silence only that there was no answer", () => {
    expect(connectionVerdictOn({ ...common, kind: "unanswered", silence: "tls" })).toBe("not-answered");
  });
});
