import { expect, test } from "vitest";
import { whyPasswordRefused } from "./password.ts";

const BREACHED = new Set(["password", "1234", "summer", "qwertyuiop", "administrator", "correct", "horse"]);
const why = (password: string, personWords: string[] = []) =>
  whyPasswordRefused(password, (word) => BREACHED.has(word), personWords);

test.each(["", "short", "elevenchars", "x".repeat(129)])("refuses %j for its length", (password) => {
  expect(why(password)).toBe("password-length");
});

test.each([
  ["a breached word", "administrator"],
  ["in any case", "AdminiStrator"],
  ["with digits and signs around it", "Summer2026!!!"],
  ["twice", "passwordpassword"],
  ["after another", "password1234"],
  ["after another, decorated", "!!correcthorse42"],
  ["digits alone", "398572039485"],
  ["the product's name", "Backtrail-2026"],
])("refuses %s", (_, password) => {
  expect(why(password)).toBe("password-breached");
});

test("refuses the name in the person's own address", () => {
  expect(why("wilhelmina1999", ["Wilhelmina"])).toBe("password-breached");
  expect(why("wilhelmina1999")).toBeNull();
});

test.each(["correct horse battery", "uhrwerk-Zitrone", "密码密码密码密码密码密码", "x".repeat(128)])(
  "takes %j",
  (password) => {
    expect(why(password)).toBeNull();
  },
);
