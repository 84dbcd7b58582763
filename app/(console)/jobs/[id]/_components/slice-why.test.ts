import { expect, test } from "vitest";
import { historyJobWords } from "@/components/history-job/words.ts";
import { wordsIn } from "@/components/language/words.ts";
import type { DeliverySliceDto, SliceVerificationDto } from "@/domain/history-job/schema.ts";
import { needsLook } from "./slice-findings.ts";
import { whyOfSlice } from "./slice-why.ts";
import { jobPageWords } from "./words.ts";

const WHOLE = { failure: null, undeliverable: 0, gap: 0, remaining: 0 };

const EQUAL: SliceVerificationDto = {
  region: "cn-hangzhou",
  day: "2026-11-01",
  method: "identity",
  inHistory: 40,
  inSink: 40,
  missing: 0,
  conflicts: 0,
  checksumHere: "aa",
  checksumThere: "aa",
};

test.each([
  [{ ...WHOLE, undeliverable: 31 }, undefined, "The log service refused 31 events"],
  [
    { ...WHOLE, undeliverable: 1, gap: 2 },
    EQUAL,
    "The log service refused 1 event; 2 events were no longer in history",
  ],
  [
    { ...WHOLE, failure: { code: "PostBodyInvalid", message: "key is not valid" }, remaining: 5 },
    undefined,
    "Key is not valid; 5 events were not sent",
  ],
  [WHOLE, { ...EQUAL, missing: 3, checksumThere: "bb" }, "3 events are missing from the logstore"],
  [{ ...WHOLE, remaining: 3 }, { ...EQUAL, missing: 3 }, "3 events were not sent"],
  [{ ...WHOLE, undeliverable: 3 }, { ...EQUAL, missing: 3 }, "The log service refused 3 events"],
  [WHOLE, { ...EQUAL, checksumThere: "bb" }, "The logstore holds other texts than were delivered"],
])("%j, %j: %s", (slice, finding, why) => {
  expect(whyOfSlice(slice, finding, wordsIn(jobPageWords, "en"), wordsIn(historyJobWords, "en"))).toBe(why);
});

test.each([
  ["complete", undefined, false],
  ["complete", EQUAL, false],
  ["complete", { ...EQUAL, missing: 1 }, true],
  ["complete", { ...EQUAL, checksumThere: "bb" }, true],
  ["complete", { ...EQUAL, missing: null, checksumThere: null }, false],
  ["incomplete", undefined, true],
  ["failed", EQUAL, true],
  ["stopped", undefined, false],
] as const)("a slice that is %s, found as %j, needs a look: %s", (state, finding, expected) => {
  expect(needsLook({ ...WHOLE, state } as DeliverySliceDto, finding)).toBe(expected);
});

test("a stopped slice whose events were not sent needs no look: the job was cancelled, and says so", () => {
  const stopped = { ...WHOLE, state: "stopped", remaining: 40 } as DeliverySliceDto;
  expect(needsLook(stopped, { ...EQUAL, inSink: 0, missing: 40 })).toBe(false);
});
