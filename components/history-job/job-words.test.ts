import { expect, test } from "vitest";
import { wordsIn } from "@/components/language/words.ts";
import { holdInWords, logTimeInWords, lossInWords, restsSince } from "./job-words.ts";
import { paceInWords, timeLeftInWords } from "./pace.ts";
import type { WatchedSlot } from "./recent-rate.ts";
import { sinkTroubleInWords, triesInWords, troubleDetailInWords } from "./sink-trouble.ts";
import { historyJobWords } from "./words.ts";

const EN = wordsIn(historyJobWords, "en");
const ZH = wordsIn(historyJobWords, "zh-CN");

const NOW = "2026-11-22T12:05:00.000Z";
const HELD = { phase: "delivering", claims: 0, pausedAt: null, eventsPerSecondMax: null } as const;

test.each([
  [HELD, null],
  [{ ...HELD, eventsPerSecondMax: 500 }, "at most 500 events/s"],
  [{ ...HELD, phase: "paused", claims: 1, pausedAt: NOW }, "waiting for 1 slice still held"],
  [{ ...HELD, phase: "paused", pausedAt: "2026-11-22T12:04:00.000Z" }, "since 12:04 UTC"],
  [{ ...HELD, phase: "cancelling", claims: 2 }, "waiting for 2 slices still held"],
  [{ ...HELD, phase: "cancelling" }, null],
  [{ ...HELD, phase: "complete", eventsPerSecondMax: 500 }, null],
] as const)("of %j the slot says %s", (job, words) => {
  expect(holdInWords(job, NOW, EN)).toBe(words);
});

test("a pause has its time only once it is one, and no other phase has one", () => {
  const paused = { ...HELD, phase: "paused", pausedAt: NOW } as const;
  expect(restsSince(paused)).toBe(NOW);
  expect(restsSince({ ...paused, claims: 1 })).toBeNull();
  expect(restsSince({ ...paused, phase: "cancelling" })).toBeNull();
});

test("an incomplete job says by how much, and only an incomplete one", () => {
  expect(lossInWords({ phase: "incomplete", undeliverable: 31, gap: 0 }, EN)).toBe("31 undeliverable");
  expect(lossInWords({ phase: "incomplete", undeliverable: 31, gap: 4 }, EN)).toBe(
    "31 undeliverable, 4 gone from history",
  );
  expect(lossInWords({ phase: "delivering", undeliverable: 31, gap: 0 }, EN)).toBeNull();
});

test("the time left goes by the ceiling where that is lower, and is told only while events move", () => {
  const job = { phase: "delivering", eventsPerSecond: 1_000, eventsPerSecondMax: null, remaining: 10_000 } as const;
  expect(timeLeftInWords(job, EN)).toBe("10 s left");
  expect(timeLeftInWords({ ...job, eventsPerSecondMax: 100 }, EN)).toBe("1 min 40 s left");
  expect(timeLeftInWords({ ...job, eventsPerSecondMax: 5_000 }, EN)).toBe("10 s left");
  expect(timeLeftInWords({ ...job, phase: "paused" }, EN)).toBeNull();
});

test("the time left is the same wherever it is told, though each place polls by itself", () => {
  const inSlot = {
    id: 42,
    phase: "delivering",
    eventsPerSecond: 100,
    eventsPerSecondMax: null,
    remaining: 4_400,
  } as const;
  const onPage = { ...inSlot, remaining: 4_500 };
  const slot = { now: NOW, job: inSlot, sinkTrouble: null, ended: null, samples: [] } as unknown as WatchedSlot;
  expect(paceInWords(inSlot, slot, EN)).toEqual(["100 events/s", "44 s left"]);
  expect(paceInWords(onPage, slot, EN)).toEqual(["100 events/s", "44 s left"]);
  expect(paceInWords({ ...onPage, id: 41 }, slot, EN)).toEqual(["100 events/s", "45 s left"]);
  expect(paceInWords({ ...onPage, phase: "paused" }, slot, EN)).toEqual([]);
});

const TROUBLE = {
  openedAt: "2026-11-22T12:04:30.000Z",
  triedAt: "2026-11-22T12:04:55.000Z",
  retryAt: "2026-11-22T12:05:12.000Z",
  failures: 7,
  code: "WriteQuotaExceed",
  message: "quota is spent",
};

test("trouble names the log service's answer, since when, the tries and the next", () => {
  expect(sinkTroubleInWords(TROUBLE, NOW, EN)).toBe("The log service answers WriteQuotaExceed since 12:04 UTC");
  expect(sinkTroubleInWords({ ...TROUBLE, code: "NoAnswer" }, NOW, EN)).toBe(
    "The log service gives no answer since 12:04 UTC",
  );
  expect(triesInWords(TROUBLE, Date.parse(NOW), EN)).toBe("7 tries, the next in 12 s");
  expect(triesInWords({ ...TROUBLE, failures: 1 }, Date.parse(NOW) + 60_000, EN)).toBe("1 try, the next now");
});

test.each([
  [{ logTime: "auto", delivered: 0, deliveryTimed: 0 }, "Event time"],
  [{ logTime: "delivery", delivered: 0, deliveryTimed: 0 }, "Delivery time"],
  [{ logTime: "auto", delivered: 10, deliveryTimed: 10 }, "Delivery time"],
  [
    { logTime: "auto", delivered: 10, deliveryTimed: 4 },
    "Event time for 6 logs, delivery time for 4 that the log service found out of range",
  ],
] as const)("log times of %j: %s", (job, words) => {
  expect(logTimeInWords(job, EN)).toBe(words);
});

test("the log service's words are quoted, and the engine's own about its silence are not", () => {
  expect(troubleDetailInWords(TROUBLE, EN)).toBe("“quota is spent”");
  const silence = { ...TROUBLE, code: "NoAnswer", message: "no answer within 15000 ms" };
  expect(troubleDetailInWords(silence, EN)).toBe("no answer within 15000 ms");
  expect(troubleDetailInWords(silence, ZH)).toBe("15000 毫秒内没有响应");
  expect(troubleDetailInWords({ ...TROUBLE, message: "" }, EN)).toBeNull();
});

test("a running job is told in Chinese as its readers write it", () => {
  expect(holdInWords({ ...HELD, eventsPerSecondMax: 500 }, NOW, ZH)).toBe("最高 500 个事件/秒");
  expect(holdInWords({ ...HELD, phase: "paused", claims: 2, pausedAt: NOW }, NOW, ZH)).toBe("等待 2 个仍被持有的分片");
});
