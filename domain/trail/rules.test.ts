import { describe, expect, test } from "vitest";
import type { DomainErrorCode, TrailNotValidReason } from "@/domain/errors.ts";
import { whyNotCreatable, whyNotRedeliverable } from "./rules.ts";
import { type CreateTrailInput, createTrailInputSchema } from "./schema.ts";
import { slsProjectArn } from "./trail.ts";

const SLS = slsProjectArn("cn-hangzhou", "1234567890123456", "backtrail-audit");

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
    ["an SLS project", null, {}],
    ["an OSS bucket only", null, { slsProjectArn: null, ossBucketName: "archive" }],
    ["a name of 36 characters", null, { name: "a".repeat(36) }],
  ])("with %s is answered %s", (_, code, changes) => {
    const input = createTrailInputSchema.parse({ name: "audit-all", homeRegion: "cn-hangzhou", slsProjectArn: SLS });
    expect(whyNotCreatable({ ...input, ...changes })).toBe(code);
  });
});
