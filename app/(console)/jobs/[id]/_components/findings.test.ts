import { expect, test } from "vitest";
import { formatsOf } from "@/components/language/formats.ts";
import { wordsIn } from "@/components/language/words.ts";
import { findingsOf as findingsWith } from "./findings.ts";
import { jobPageWords } from "./words.ts";

function findingsOf(verification: Parameters<typeof findingsWith>[0]) {
  return findingsWith(verification, wordsIn(jobPageWords, "en"), formatsOf("en"));
}

const EXACT = {
  methods: ["identity"],
  inSink: 1_204_300,
  missing: 0,
  conflicts: 0,
  checksumsEqual: true,
  slicesMissing: 0,
  slicesTotal: 90,
  arrivedLater: 0,
} as const;

function factsOf(verification: Parameters<typeof findingsOf>[0]): string[] {
  return findingsOf(verification).facts.map(({ name, value, isLoss }) => `${name}: ${value}${isLoss ? " !" : ""}`);
}

test("an exact comparison without a difference says so and nothing more", () => {
  expect(factsOf({ ...EXACT, methods: [...EXACT.methods] })).toEqual([
    "In the logstore: 1,204,300",
    "Missing: 0",
    "Conflicts: 0",
    "Checksums: Equal in every slice, for what was delivered",
  ]);
  expect(findingsOf({ ...EXACT, methods: [...EXACT.methods] }).notes).toEqual([]);
});

test("a log service that cannot be read proves neither presence nor equality", () => {
  const verification = {
    ...EXACT,
    methods: ["acknowledged" as const],
    missing: null,
    conflicts: null,
    checksumsEqual: null,
  };
  expect(factsOf(verification)).toEqual([
    "Acknowledged: 1,204,300",
    "Missing: Not known",
    "Conflicts: Not known",
    "Checksums: Not compared",
  ]);
  expect(findingsOf(verification).notes.join(" ")).toContain("at least once");
});

test("what is missing is offered again only where it can be", () => {
  const missing = { ...EXACT, methods: ["identity" as const], missing: 12, checksumsEqual: false };
  expect(factsOf(missing)).toContain("Missing: 12 !");
  expect(factsOf(missing)).toContain("Checksums: Different, for what was delivered !");
  expect(findingsOf({ ...missing, slicesMissing: 2 }).notes.join(" ")).toContain("2 slices miss events");
  expect(findingsOf(missing).notes.join(" ")).not.toContain("Redeliver only");
});

test("a job without slices compares nothing, so nothing is equal", () => {
  expect(factsOf({ ...EXACT, methods: [], inSink: 0, slicesTotal: 0 })).toContain("Checksums: Not compared");
});

test("what arrived later is told apart from what is missing", () => {
  const { notes } = findingsOf({ ...EXACT, methods: ["identity"], arrivedLater: 1 });
  expect(notes).toEqual([
    "1 event of the window was recorded after this job was created. They are not part of it, and not missing.",
  ]);
});
