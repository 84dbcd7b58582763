import { describe, expect, test } from "vitest";
import { entranceWithoutTwoFactor, isSecondFactorRequired, owesSecondFactor } from "./second-factor.ts";

describe("a session", () => {
  test.each([
    ["required", "password", false, true],
    ["required", "second-factor", true, false],
    // Somebody has taken the authenticator away since.
    ["required", "second-factor", false, true],
    ["required", "single-sign-on", false, false],
    ["required", "single-sign-on", true, false],
    ["optional", "password", false, false],
    ["optional", "second-factor", true, false],
    ["optional", "single-sign-on", false, false],
  ] as const)(
    "where a second factor is %s, begun by %s, with an authenticator (%s): owes one (%s)",
    (demand, begunBy, hasTwoFactor, owes) => {
      expect(owesSecondFactor(demand, { begunBy, hasTwoFactor })).toBe(owes);
    },
  );
});

describe("a person", () => {
  test.each([
    ["required", true, true],
    ["required", false, false],
    ["optional", true, false],
    ["optional", false, false],
  ] as const)("where it is %s, with a password (%s): has to keep an authenticator (%s)", (demand, hasPassword, has) => {
    expect(isSecondFactorRequired(demand, { hasPassword })).toBe(has);
  });
});

describe("without an authenticator", () => {
  test.each([
    [true, true, "set-up"],
    [true, false, "password"],
    [false, false, "single-sign-on"],
    // As the demand does not hold for who has no password.
    [false, true, "single-sign-on"],
  ] as const)("who has a password (%s) and is to have a second factor (%s) is left with %s", (has, is, left) => {
    expect(entranceWithoutTwoFactor({ hasPassword: has, isTwoFactorRequired: is })).toBe(left);
  });
});
