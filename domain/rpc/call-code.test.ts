import { describe, expect, it } from "vitest";
import { callCode, isCommandNarrower, type WrittenCall } from "./call-code.ts";

const CALL: WrittenCall = {
  action: "LookupEvents",
  parameters: { "LookupAttribute.1.Key": "User", "LookupAttribute.1.Value": 'o\'neil "x" & 日志', NextToken: "" },
  events: null,
  endpoint: "localhost:3001",
  region: "cn-hangzhou",
};

describe("the request of a call", () => {
  it("has what the form has, percent-encoded, and nothing that is empty", () => {
    expect(callCode("request", CALL)).toBe(
      [
        "POST /?LookupAttribute.1.Key=User&LookupAttribute.1.Value=o'neil%20%22x%22%20%26%20%E6%97%A5%E5%BF%97 HTTP/1.1",
        "host: localhost:3001",
        "x-acs-action: LookupEvents",
        "x-acs-version: 2020-07-06",
      ].join("\n"),
    );
  });

  it("of PutEvents has the events for a body", () => {
    expect(callCode("request", { ...CALL, action: "PutEvents", parameters: {}, events: "{}" })).toContain(
      "x-acs-version: 2020-07-06\ncontent-type: application/x-ndjson\n\n{}",
    );
  });
});

describe("the command line of a call", () => {
  it("keeps every value one word of the shell, whatever is in it", () => {
    expect(callCode("cli", CALL)).toBe(
      [
        "aliyun actiontrail LookupEvents",
        "--endpoint localhost:3001",
        "--insecure",
        "--version 2020-07-06",
        "--force",
        "--region cn-hangzhou",
        "--LookupAttribute.1.Key User",
        `--LookupAttribute.1.Value 'o'\\''neil "x" & 日志'`,
      ].join(" \\\n  "),
    );
  });

  it("keeps a value that begins as a flag does with its parameter", () => {
    const parameters = { TrailName: "all-regions", ClientToken: "-f 1" };
    expect(callCode("cli", { ...CALL, action: "CreateDeliveryHistoryJob", parameters })).toMatch(
      /--TrailName all-regions \\\n {2}--ClientToken='-f 1'$/,
    );
  });

  const TRAILS: WrittenCall = { ...CALL, action: "DescribeTrails", parameters: {} };

  it("names the form's region, or else its own, because the tool would name another", () => {
    expect(callCode("cli", TRAILS)).toContain("--region cn-hangzhou");
    const elsewhere = callCode("cli", { ...TRAILS, parameters: { RegionId: "cn-beijing" } });
    expect(elsewhere).toContain("--region cn-beijing");
    expect(elsewhere).not.toMatch(/cn-hangzhou|RegionId/);
  });

  it("asks for the trails of all regions where the form names none, and else as the form does", () => {
    expect(callCode("cli", TRAILS)).toContain("--IncludeShadowTrails true");
    expect(callCode("cli", { ...TRAILS, parameters: { IncludeShadowTrails: "false" } })).toMatch(
      /--IncludeShadowTrails true$/,
    );
    const ofOne = (parameters: WrittenCall["parameters"]) =>
      callCode("cli", { ...TRAILS, parameters: { RegionId: "cn-beijing", ...parameters } });
    expect(ofOne({})).not.toContain("IncludeShadowTrails");
    expect(ofOne({ IncludeShadowTrails: "true" })).toContain("--IncludeShadowTrails true");
    expect(callCode("cli", CALL)).not.toContain("IncludeShadowTrails");
  });

  it("is known to look in one region alone where the form looks in all", () => {
    expect(isCommandNarrower(CALL)).toBe(true);
    expect(isCommandNarrower({ ...CALL, parameters: { ...CALL.parameters, RegionId: "" } })).toBe(true);
    expect(isCommandNarrower({ ...CALL, parameters: { RegionId: "cn-beijing" } })).toBe(false);
    expect(isCommandNarrower(TRAILS)).toBe(false);
    expect(isCommandNarrower({ ...CALL, action: "ListDeliveryHistoryJobs", parameters: {} })).toBe(false);
  });

  it("is none for a call whose body is no form", () => {
    expect(callCode("cli", { ...CALL, action: "PutEvents", events: "{}" })).toBeNull();
  });
});

describe("the code of a call", () => {
  it.each(["typescript", "python"] as const)("in %s names the call, quotes its values and holds no key", (kind) => {
    const code = callCode(kind, CALL) ?? "";
    expect(code).toContain('"LookupEvents"');
    expect(code).toContain(`"LookupAttribute.1.Value": ${JSON.stringify(CALL.parameters["LookupAttribute.1.Value"])},`);
    expect(code).not.toContain("NextToken");
    expect(code).toContain("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
  });

  it.each([
    ["typescript", "readTimeout: 60000"],
    ["python", "read_timeout=60000"],
  ] as const)("in %s waits for an answer that takes longer than the SDK's own 3 s", (kind, setting) => {
    expect(callCode(kind, CALL)).toContain(setting);
  });
});
