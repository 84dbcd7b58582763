import { describe, expect, it } from "vitest";
import { type HistoryEvent, parseEvent } from "@/domain/event/event.ts";
import { RECORDING_EVENTS_MAX } from "@/server/event/commands.ts";
import { EventLanes } from "./event-lanes.ts";

const NOW = new Date("2026-06-01T00:00:00Z");

function event(eventId: string, serviceName: string): HistoryEvent {
  const body = JSON.stringify({ eventId, acsRegion: "cn-hangzhou", eventTime: NOW.toISOString(), serviceName });
  const parsed = parseEvent(body, NOW);
  if (parsed.kind !== "event") {
    throw new Error(parsed.kind);
  }
  return parsed.event;
}

async function addAll(lanes: EventLanes, events: readonly HistoryEvent[]): Promise<void> {
  for (const one of events) {
    await lanes.add(one);
  }
}

describe("EventLanes", () => {
  it("rejects when a transaction fails, and settles only when no other is under way", async () => {
    let underWay = 0;
    const lanes = new EventLanes(async (events) => {
      underWay++;
      await Promise.resolve();
      underWay--;
      if (events.some(({ eventId }) => eventId === "7")) {
        throw new Error("the database is gone");
      }
      return { recorded: events.length, present: 0, conflicts: 0 };
    });
    await addAll(
      lanes,
      Array.from({ length: 100 }, (_, index) => event(String(index), "")),
    );
    await expect(lanes.drain()).rejects.toThrow("the database is gone");
    expect(underWay).toBe(0);
    expect(lanes.counts.recorded).toBeGreaterThan(0);
    expect(lanes.counts.recorded).toBeLessThan(100);
  });

  it("makes a caller that is ahead learn of a failure", async () => {
    const lanes = new EventLanes(() => Promise.reject(new Error("the database is gone")));
    const events = Array.from({ length: 20 * RECORDING_EVENTS_MAX }, (_, index) => event(String(index), ""));
    await expect(addAll(lanes, events)).rejects.toThrow("the database is gone");
  });

  it("records every event once, those of one id in their order, in several transactions at once", async () => {
    const recorded = new Map<string, string[]>();
    let underWay = 0;
    let underWayMax = 0;
    const lanes = new EventLanes(async (events) => {
      underWay++;
      underWayMax = Math.max(underWayMax, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      for (const { eventId, serviceName } of events) {
        recorded.set(eventId, [...(recorded.get(eventId) ?? []), serviceName ?? ""]);
      }
      underWay--;
      return { recorded: events.length, present: 0, conflicts: 0 };
    });
    const rounds = ["1", "2", "3"];
    const ids = Array.from({ length: 4_000 }, (_, index) => `id-${index}`);
    await addAll(
      lanes,
      rounds.flatMap((round) => ids.map((id) => event(id, round))),
    );
    await lanes.drain();
    expect(lanes.counts.recorded).toBe(rounds.length * ids.length);
    expect(recorded.size).toBe(ids.length);
    expect([...recorded.values()].every((order) => order.join() === rounds.join())).toBe(true);
    expect(underWayMax).toBeGreaterThan(1);
  });
});
