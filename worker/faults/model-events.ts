import { createHash } from "node:crypto";
import type { ModelEvent } from "./model.ts";
import { keyOf } from "./model-sink.ts";

// The few events that sequences are about: small enough that two workers meet, with the cases that keys and windows have.

const DAY_MS = 86_400_000;
const FIRST_DAY = Math.floor(Date.now() / DAY_MS) * DAY_MS - 10 * DAY_MS;
const NOON = DAY_MS / 2;

/** The UTC days of all events. */
export const DAYS = [FIRST_DAY, FIRST_DAY + DAY_MS].map((time) => new Date(time).toISOString().slice(0, 10));

/** A window that begins in the middle of the first day and ends in the second. */
export const OWN_WINDOW = { from: FIRST_DAY + NOON, to: FIRST_DAY + DAY_MS + 1_000 } as const;

/** Two at one moment, one just outside the own window, one on its edge. */
const FIRST_DAY_TIMES = [NOON - 1, NOON, NOON, DAY_MS - 1];
const SECOND_DAY_TIMES = [DAY_MS, DAY_MS + 999, DAY_MS + 1_000, DAY_MS + NOON];

const PLACES = [
  ...FIRST_DAY_TIMES.map((offset) => ({ region: "cn-beijing", offset })),
  ...FIRST_DAY_TIMES.map((offset) => ({ region: "cn-hangzhou", offset })),
  ...SECOND_DAY_TIMES.map((offset) => ({ region: "cn-hangzhou", offset })),
];

export const EVENTS_COUNT = PLACES.length;

/** The event at an index; variants have the same identity and other texts. */
export function eventAt(index: number, variant: number): ModelEvent {
  const { region, offset } = PLACES[index % EVENTS_COUNT] ?? { region: "cn-hangzhou", offset: 0 };
  const time = FIRST_DAY + offset;
  const id = `E${String(index).padStart(2, "0")}`;
  const isWrite = index % 2 === 0;
  const text = JSON.stringify({
    eventId: id,
    eventTime: new Date(time).toISOString(),
    acsRegion: region,
    eventRW: isWrite ? "Write" : "Read",
    variant: "v".repeat(variant),
  });
  return {
    key: keyOf(region, time, id),
    region,
    day: new Date(time).toISOString().slice(0, 10),
    time,
    id,
    isWrite,
    text,
    bytes: Buffer.byteLength(text),
    digest: BigInt(`0x${createHash("sha256").update(text).digest("hex")}`),
  };
}
