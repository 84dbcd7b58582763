import { describe, expect, it } from "vitest";
import {
  createLogProjectInputSchema,
  endpointOriginOf,
  meantEndpoint,
  needsKeyAnew,
  type UpdateLogProjectInput,
  updateLogProjectInputSchema,
} from "./schema.ts";

const INPUT = {
  region: "cn-hangzhou",
  name: "audit-archive",
  endpoint: "https://cn-hangzhou.log.aliyuncs.com",
  accessKeyId: "LTAI5tExample",
  accessKeySecret: "secret",
  logTime: "auto",
} as const;

describe("endpointOriginOf", () => {
  it.each([
    ["cn-hangzhou.log.aliyuncs.com", "https://cn-hangzhou.log.aliyuncs.com"],
    [" https://CN-hangzhou.log.aliyuncs.com/ ", "https://cn-hangzhou.log.aliyuncs.com"],
    ["http://127.0.0.1:9000", "http://127.0.0.1:9000"],
    ["localhost:9000", "https://localhost:9000"],
    ["https://[::1]:443", "https://[::1]"],
  ])("takes %j for %s", (text, origin) => {
    expect(endpointOriginOf(text)).toBe(origin);
  });

  it.each([
    "",
    "https://",
    "ftp://log.example.com",
    "javascript://x",
    "file:///etc/passwd",
    "https://log.example.com/path",
    "https://log.example.com?x=1",
    "https://log.example.com#x",
    "https://user:secret@log.example.com",
    "https://user@log.example.com",
    "log example.com",
  ])("refuses %j", (text) => {
    expect(endpointOriginOf(text)).toBeNull();
  });
});

describe("createLogProjectInputSchema", () => {
  it.each([
    { region: "Hangzhou" },
    { region: "cn_hangzhou" },
    { region: "hangzhou" },
    { name: "Upper" },
    { name: "a.b" },
    { endpoint: "ftp://x" },
    { accessKeyId: "" },
    { accessKeyId: "a/b" },
    { accessKeySecret: "" },
    { accessKeySecret: "with space" },
    { accessKeySecret: "x".repeat(257) },
    { logTime: "now" },
    { more: 1 },
  ])("refuses %j", (part) => {
    expect(createLogProjectInputSchema.safeParse({ ...INPUT, ...part }).success).toBe(false);
  });

  it("takes a whole one, and of an update also an empty secret", () => {
    expect(createLogProjectInputSchema.parse(INPUT)).toEqual(INPUT);
    expect(updateLogProjectInputSchema.safeParse({ ...INPUT, accessKeySecret: "" }).success).toBe(true);
  });
});

describe("an endpoint that is left empty", () => {
  it.each(["", "  "])("means the public one of the region that the project's ARN names, as %j", (endpoint) => {
    const input = { ...INPUT, region: "ap-southeast-1", endpoint };
    expect(createLogProjectInputSchema.parse(input).endpoint).toBe("https://ap-southeast-1.log.aliyuncs.com");
    expect(updateLogProjectInputSchema.parse(input).endpoint).toBe("https://ap-southeast-1.log.aliyuncs.com");
    expect(meantEndpoint(endpoint, "ap-southeast-1")).toBe("https://ap-southeast-1.log.aliyuncs.com");
  });

  it("is another than what is no endpoint", () => {
    expect(meantEndpoint("ftp://x", "cn-hangzhou")).toBeNull();
    expect(meantEndpoint("log.example.com", "cn-hangzhou")).toBe("https://log.example.com");
  });
});

describe("needsKeyAnew", () => {
  const stored = { endpoint: "https://cn-hangzhou.log.aliyuncs.com/", accessKeyId: "LTAI5tExample" };
  const kept: UpdateLogProjectInput = { ...INPUT, accessKeySecret: "" };

  it("keeps the key where nothing changed that it depends on", () => {
    expect(needsKeyAnew(stored, { ...kept, logTime: "delivery" })).toBe(false);
  });

  it.each([
    { endpoint: "https://elsewhere.example.com" },
    { endpoint: "http://cn-hangzhou.log.aliyuncs.com" },
    { endpoint: "https://cn-hangzhou.log.aliyuncs.com:8443" },
    { accessKeyId: "LTAI5tOther" },
  ])("wants it anew for %j, and is content once it has it", (part) => {
    expect(needsKeyAnew(stored, { ...kept, ...part })).toBe(true);
    expect(needsKeyAnew(stored, { ...INPUT, ...part })).toBe(false);
  });
});
