import { expect, test } from "vitest";
import { wordsIn } from "@/components/language/words.ts";
import { isVerifying, methodsInWords, proofInWords } from "./verification-words.ts";
import { historyJobWords } from "./words.ts";

const EN = wordsIn(historyJobWords, "en");

const NOW = "2026-11-22T12:10:00.000Z";

const COMPLETE = {
  id: 1,
  state: "complete",
  requestedAt: "2026-11-22T12:08:00.000Z",
  requestedBy: "ops@example.com",
  startedAt: "2026-11-22T12:08:01.000Z",
  endedAt: "2026-11-22T12:09:00.000Z",
  failure: null,
  slicesDone: 90,
  slicesTotal: 90,
  methods: ["identity" as const],
  inSink: 1_204_331,
  missing: 0,
  conflicts: 0,
  slicesMissing: 0,
  checksumsEqual: true,
  arrivedLater: 0,
} as const;

function proofOf(verification: Parameters<typeof proofInWords>[0]): string {
  return proofInWords(verification, NOW, EN).join(" / ");
}

test("equal checksums are said of a whole comparison only", () => {
  const verification = { ...COMPLETE, methods: [...COMPLETE.methods] };
  expect(proofOf(verification)).toBe("Checksums equal / Verified 12:09 UTC");
  expect(proofOf({ ...verification, state: "running", slicesDone: 12, endedAt: null })).toBe(
    "Verifying / 12 of 90 slices looked at",
  );
  expect(proofOf({ ...verification, state: "waiting", slicesDone: 0, endedAt: null })).toBe(
    "Verifying / waiting for a worker",
  );
  expect(proofOf({ ...verification, state: "failed" })).toBe("Not verified / the try at 12:09 UTC failed");
  expect(proofOf({ ...verification, slicesDone: 0, slicesTotal: 0 })).toContain("Nothing to compare");
  expect(proofOf(null)).toContain("Not verified");
});

test("what differs or cannot be known is never called equal", () => {
  const verification = { ...COMPLETE, methods: [...COMPLETE.methods] };
  expect(proofOf({ ...verification, missing: 12 })).toContain("12 events missing");
  expect(proofOf({ ...verification, checksumsEqual: false })).toContain("Checksums differ");
  expect(proofOf({ ...verification, missing: null, checksumsEqual: null })).toContain("Acknowledged, at least once");
});

test("methods are named from the strongest to the weakest", () => {
  expect(methodsInWords(["checksum", "identity"], EN)).toBe(
    "event by event against history; other slices by count and checksum",
  );
  expect(methodsInWords(["acknowledged"], EN)).toBe("acknowledged by the log service, at least once");
});

test("only a verification that waits or runs is being worked on", () => {
  expect((["waiting", "running", "complete", "failed"] as const).map((state) => isVerifying({ state }))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(isVerifying(null)).toBe(false);
});
