import { expect, test } from "vitest";
import { pathOfOurs } from "./next-path.ts";

test.each([
  ["/jobs/42", "/jobs/42"],
  ["/jobs?page=2", "/jobs?page=2"],
  ["/jobs?page=2&_rsc=1x2y", "/jobs?page=2"],
])("%s is a way back", (next, path) => {
  expect(pathOfOurs(next)).toBe(path);
});

test.each([
  "https://backtrail.example/trails",
  "//backtrail.example/trails",
  "/\\backtrail.example/trails",
  "/\t/backtrail.example",
  "/.//backtrail.example",
  "/..//backtrail.example",
  "/%2e/\\backtrail.example",
  "javascript:alert(1)",
  "trails",
  "/sign-in?next=/sign-in",
  "",
  undefined,
  ["/jobs", "/trails"],
])("%s leads to the trails", (next) => {
  expect(pathOfOurs(next)).toBe("/trails");
});
