import { expect, test } from "vitest";
import type { HistoryJobDto, SlotDto } from "@/domain/history-job/schema.ts";
import { recentRateOf, type WatchedSlot, watchSlot } from "./recent-rate.ts";

/** A slot as it was `seconds` after a beginning. */
function slotAt(seconds: number, job: Partial<HistoryJobDto> | null): SlotDto {
  const whole = { id: 42, run: 1, phase: "delivering", delivered: 0, ...job } as HistoryJobDto;
  const now = new Date(Date.UTC(2026, 10, 22, 12, 0, seconds)).toISOString();
  return { now, job: job && whole, sinkTrouble: null, ended: null };
}

function watch(...slots: readonly SlotDto[]): number | null {
  const watched = slots.reduce<WatchedSlot | undefined>((before, slot) => watchSlot(before, slot), undefined);
  return recentRateOf(watched?.samples ?? []);
}

test("the speed is that of the last seconds, not the average since the start", () => {
  expect(watch(slotAt(0, { delivered: 0 }), slotAt(10, { delivered: 10 }), slotAt(28, { delivered: 1_810 }))).toBe(100);
});

test("what stands still shows as standing still", () => {
  expect(watch(slotAt(0, { delivered: 10 }), slotAt(10, { delivered: 10 }))).toBe(0);
});

test("too little seen is no speed", () => {
  expect(watch(slotAt(0, null))).toBeNull();
  expect(watch(slotAt(0, { delivered: 10 }))).toBeNull();
  expect(watch(slotAt(0, { delivered: 10 }), slotAt(2, { delivered: 20 }))).toBeNull();
});

test.each([
  ["a pause", slotAt(5, { phase: "paused", delivered: 500 })],
  ["another job", slotAt(5, { id: 43, delivered: 500 })],
  ["another run", slotAt(5, { run: 2, delivered: 500 })],
])("%s begins anew", (_, between) => {
  expect(watch(slotAt(0, { delivered: 0 }), between, slotAt(7, { delivered: 500 }))).toBeNull();
});
