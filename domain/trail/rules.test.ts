import { describe, expect, test } from "vitest";
import type { TrailNotValidReason } from "@/domain/errors.ts";
import { whyNotRedeliverable } from "./rules.ts";
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
