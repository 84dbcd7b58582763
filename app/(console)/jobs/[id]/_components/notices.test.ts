import { expect, test } from "vitest";
import { wordsIn } from "@/components/language/words.ts";
import { noticesOf } from "./notices.ts";
import { jobPageWords } from "./words.ts";

const NOW = "2026-11-22T12:10:00.000Z";
const RUNNING = {
  phase: "delivering",
  claims: 2,
  pausedAt: null,
  cancelledBy: null,
  deletedAt: null,
  endedAt: null,
} as const;

function wordsOf(job: Parameters<typeof noticesOf>[0]): string[] {
  return noticesOf(job, NOW, wordsIn(jobPageWords, "en")).map(({ sentence }) => sentence.replaceAll("\u00a0", " "));
}

test("a job that simply delivers needs no notice", () => {
  expect(wordsOf(RUNNING)).toEqual([]);
});

test("pausing is said until no slice is held any more, then paused and since when", () => {
  const paused = { ...RUNNING, phase: "paused", pausedAt: "2026-11-22T12:04:10.000Z" } as const;
  expect(wordsOf(paused)).toEqual([
    "Pausing: waiting for 2 slices that a worker still holds; what a dead worker holds is free within 45 s.",
  ]);
  expect(wordsOf({ ...paused, claims: 0 })).toEqual([
    "Paused since 12:04 UTC. It keeps the account's slot, and is cancelled when it stays paused for 24 hours.",
  ]);
});

test("a notice has at hand the exact time of the rough one that it tells, and none where it tells none", () => {
  const timesOf = (job: Parameters<typeof noticesOf>[0]) =>
    noticesOf(job, NOW, wordsIn(jobPageWords, "en")).map(({ at }) => at);
  const paused = { ...RUNNING, phase: "paused", pausedAt: "2026-11-22T12:04:10.000Z" } as const;
  expect(timesOf(paused)).toEqual([null]);
  expect(timesOf({ ...paused, claims: 0 })).toEqual([paused.pausedAt]);
  const cancelled = { ...RUNNING, phase: "cancelled", endedAt: "2026-11-22T12:05:00.000Z" } as const;
  const deletedAt = "2026-11-22T12:04:59.000Z";
  expect(timesOf({ ...cancelled, deletedAt })).toEqual([cancelled.endedAt, deletedAt]);
});

test("a job that is ending says what it waits for and who cancelled it", () => {
  const cancelling = { ...RUNNING, phase: "cancelling", claims: 1 } as const;
  expect(wordsOf({ ...cancelling, cancelledBy: "ops@example.com" })).toEqual([
    "Cancelled by ops@example.com: waiting for 1 slice that a worker still holds; what a dead worker holds is free within 45 s.",
  ]);
  expect(wordsOf(cancelling)).toEqual([
    "Ending early: waiting for 1 slice that a worker still holds; what a dead worker holds is free within 45 s.",
  ]);
  expect(wordsOf({ ...cancelling, claims: 0 })).toEqual(["Ending early. It ends in a moment."]);
});

test("a deleted job says so beside how it ended", () => {
  expect(
    wordsOf({
      ...RUNNING,
      phase: "cancelled",
      claims: 0,
      cancelledBy: "ops@example.com",
      endedAt: "2026-11-22T12:05:00.000Z",
      deletedAt: "2026-11-22T12:04:59.000Z",
    }),
  ).toEqual([
    "Cancelled by ops@example.com, ended 22 Nov 2026 12:05:00 UTC. What was delivered stays. It is not taken up again.",
    "Deleted 22 Nov 2026 12:04:59 UTC. The API shows it no more; its report stays here, read-only.",
  ]);
});
