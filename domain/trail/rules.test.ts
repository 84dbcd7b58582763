import { describe, expect, test } from "vitest";
import type { DomainErrorCode, TrailNotValidReason } from "@/domain/errors.ts";
import { settingsAfter, whyNoRoom, whyNotCreatable, whyNotRedeliverable } from "./rules.ts";
import { type CreateTrailInput, createTrailInputSchema, updateTrailInputSchema } from "./schema.ts";
import { slsProjectArn } from "./trail.ts";

const ACCOUNT = "1234567890123456";
const SLS = slsProjectArn("cn-hangzhou", ACCOUNT, "backtrail-audit");

describe("a trail's history", () => {
  test.each<[TrailNotValidReason | null, boolean, string | null]>([
    ["organization-trail", true, SLS],
    ["organization-trail", true, null],
    ["no-sls-destination", false, null],
    ["no-sls-destination", false, "acs:oss:cn-hangzhou:1234567890123456:bucket"],
    [null, false, SLS],
  ])("is refused with %s when organization is %s and the project is %s", (why, isOrganizationTrail, slsProjectArn) => {
    expect(whyNotRedeliverable({ name: "audit-all", isOrganizationTrail, slsProjectArn })).toBe(why);
  });
});

describe("a new trail", () => {
  test.each<[string, DomainErrorCode | null, Partial<CreateTrailInput>]>([
    ["a name of five characters", "InvalidTrailNameException", { name: "trail" }],
    ["a name of 37 characters", "InvalidTrailNameException", { name: "a".repeat(37) }],
    ["a name that starts with a digit", "InvalidTrailNameException", { name: "1-trail" }],
    ["a name with a capital", "InvalidTrailNameException", { name: "Audit-all" }],
    ["no destination", "InvalidDeliveryConfigurationException", { slsProjectArn: null }],
    ["an ARN of something else", "SlsProjectDoesNotExistException", { slsProjectArn: "acs:oss:*:*:bucket" }],
    ["a project of another account", "SlsProjectDoesNotExistException", { slsProjectArn: SLS.replace("1234", "4321") }],
    [
      "a project with a name that none has",
      "SlsProjectDoesNotExistException",
      { slsProjectArn: SLS.replace(/project\/.*/, "project/A b") },
    ],
    [
      "a project in a region that is none",
      "SlsProjectDoesNotExistException",
      { slsProjectArn: SLS.replace("cn-hangzhou", "Hangzhou") },
    ],
    ["a name that no logstore can end with", "CreateLogStoreError", { name: "audit-all-" }],
    ["a home region that is none", "InvalidParameterValue", { homeRegion: "Hangzhou" }],
    ["regions that are none", "InvalidParameterValue", { trailRegion: "cn-hangzhou,;drop" }],
    ["an empty list of regions", "InvalidParameterValue", { trailRegion: "," }],
    ["a bucket's name with a capital", "InvalidParameterValue", { ossBucketName: "Archive" }],
    ["a short prefix", "InvalidPrefixException", { ossBucketName: "archive", ossKeyPrefix: "logs" }],
    [
      "a prefix that starts with a slash",
      "InvalidPrefixException",
      { ossBucketName: "archive", ossKeyPrefix: "/audit/x" },
    ],
    ["a prefix that is none, and no bucket", "InvalidPrefixException", { ossKeyPrefix: "/audit/x" }],
    ["a prefix and no bucket", null, { ossKeyPrefix: "audit/2026" }],
    ["an SLS project", null, {}],
    ["some regions", null, { trailRegion: "cn-hangzhou, ap-southeast-1" }],
    ["a bucket with a prefix", null, { ossBucketName: "archive", ossKeyPrefix: "audit/2026" }],
    [
      "a MaxCompute project only",
      null,
      { slsProjectArn: null, maxComputeProjectArn: "acs:odps:cn-hangzhou:1:projects/x" },
    ],
    [
      "a name that ends with a hyphen and no logstore",
      null,
      { name: "audit-all-", slsProjectArn: null, ossBucketName: "archive" },
    ],
    ["an OSS bucket only", null, { slsProjectArn: null, ossBucketName: "archive" }],
    ["a name of 36 characters", null, { name: "a".repeat(36) }],
  ])("with %s is answered %s", (_, code, changes) => {
    const input = createTrailInputSchema.parse({ name: "audit-all", homeRegion: "cn-hangzhou", slsProjectArn: SLS });
    expect(whyNotCreatable(ACCOUNT, { ...input, ...changes })?.code ?? null).toBe(code);
  });
});

describe("room for one more trail", () => {
  test.each<[DomainErrorCode | null, Parameters<typeof whyNoRoom>[0], boolean]>([
    ["TrailAlreadyExistsException", { isNameTaken: true, inHomeRegion: 5, organizationTrails: 0 }, false],
    ["MaximumNumberOfTrailsExceededException", { isNameTaken: false, inHomeRegion: 5, organizationTrails: 0 }, false],
    ["MaximumNumberOfOrganizationTrailExceeded", { isNameTaken: false, inHomeRegion: 1, organizationTrails: 1 }, true],
    [null, { isNameTaken: false, inHomeRegion: 4, organizationTrails: 1 }, false],
    [null, { isNameTaken: false, inHomeRegion: 4, organizationTrails: 0 }, true],
  ])("is answered %s for %j, organization %s", (code, room, isOrganizationTrail) => {
    expect(whyNoRoom(room, { isOrganizationTrail })?.code ?? null).toBe(code);
  });
});

describe("an updated trail", () => {
  const before = createTrailInputSchema.parse({
    name: "audit-all",
    homeRegion: "cn-hangzhou",
    slsProjectArn: SLS,
    slsWriteRoleArn: "acs:ram::1:role/x",
    ossBucketName: "archive",
    ossKeyPrefix: "audit/2026",
  });

  test("keeps what the update does not name", () => {
    const after = settingsAfter(before, updateTrailInputSchema.parse({ name: "audit-all", eventRW: "Write" }));
    expect(after).toMatchObject({ eventRW: "Write", slsProjectArn: SLS, ossBucketName: "archive" });
  });

  test("loses a destination with all that belongs to it", () => {
    const update = { name: "audit-all", slsProjectArn: null, ossBucketName: null };
    expect(settingsAfter(before, updateTrailInputSchema.parse(update))).toMatchObject({
      slsProjectArn: null,
      slsWriteRoleArn: null,
      ossBucketName: null,
      ossKeyPrefix: null,
    });
  });

  test("names each region once", () => {
    const update = { name: "audit-all", trailRegion: "cn-hangzhou, cn-shanghai,cn-hangzhou" };
    expect(settingsAfter(before, updateTrailInputSchema.parse(update)).trailRegion).toBe("cn-hangzhou,cn-shanghai");
  });
});
