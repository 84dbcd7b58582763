import { describe, expect, it } from "vitest";
import { type HistoryEvent, parseEvent } from "@/domain/event/event.ts";
import { type SampleOptions, sampleBodies } from "./sample-history.ts";

const OPTIONS: SampleOptions = {
  accountId: "1234567890123456",
  events: 20_000,
  seed: "1",
  days: 89,
  until: new Date("2026-06-01T09:00:00Z"),
};

function parsed(options: SampleOptions): HistoryEvent[] {
  return [...sampleBodies(options)].map((body) => {
    const outcome = parseEvent(body, options.until);
    if (outcome.kind !== "event") {
      throw new Error(`${outcome.kind}: ${body}`);
    }
    return outcome.event;
  });
}

function shareOf(events: readonly HistoryEvent[], matches: (event: HistoryEvent) => boolean): number {
  return events.filter(matches).length / events.length;
}

describe("sampleBodies", () => {
  it("is the same for the same options, and another for another seed or account", () => {
    const of = (part: Partial<SampleOptions>) => [...sampleBodies({ ...OPTIONS, events: 500, ...part })];
    expect(of({})).toEqual(of({}));
    expect(of({ seed: "2" })).not.toEqual(of({}));
    expect(of({ accountId: "2000000000000000" })).not.toEqual(of({}));
  });

  it.each([
    [1, 89],
    [7, 1],
    [1_000, 0.5],
    [12_345, 30],
  ])("makes exactly %i events, all within %d days", (events, days) => {
    const made = parsed({ ...OPTIONS, events, days });
    const times = made.map(({ eventTime }) => OPTIONS.until.getTime() - eventTime.getTime());
    expect(made).toHaveLength(events);
    expect(Math.min(...times)).toBeGreaterThan(0);
    expect(Math.max(...times)).toBeLessThanOrEqual(days * 86_400_000);
  });

  it("gives each event an identity of its own", () => {
    const made = parsed(OPTIONS);
    expect(new Set(made.map(({ eventId }) => eventId)).size).toBe(made.length);
  });

  it("resembles the history of a real account", () => {
    const made = parsed(OPTIONS);
    const isByDay = ({ eventTime }: HistoryEvent) => eventTime.getUTCHours() >= 1 && eventTime.getUTCHours() < 11;
    const isAtWeekend = ({ eventTime }: HistoryEvent) => (eventTime.getUTCDay() + 6) % 7 > 4;
    const bytes = made.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0) / made.length;
    expect(new Set(made.map(({ region }) => region)).size).toBe(6);
    expect(new Set(made.map(({ serviceName }) => serviceName)).size).toBeGreaterThan(10);
    expect(new Set(made.map(({ userName }) => userName)).size).toBeGreaterThan(10);
    expect(shareOf(made, ({ eventRW }) => eventRW === "Read")).toBeGreaterThan(0.8);
    expect(shareOf(made, ({ eventRW }) => eventRW === null)).toBeGreaterThan(0);
    expect(shareOf(made, ({ eventName }) => eventName === "ConsoleSignin")).toBeGreaterThan(0);
    expect(shareOf(made, ({ errorCode }) => errorCode !== null)).toBeGreaterThan(0.02);
    expect(shareOf(made, isByDay)).toBeGreaterThan(0.5);
    expect(shareOf(made, isAtWeekend)).toBeLessThan(0.25);
    expect(bytes).toBeGreaterThan(900);
    expect(bytes).toBeLessThan(1_150);
  });
});
