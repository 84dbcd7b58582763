import { describe, expect, it } from "vitest";
import { SLICE_STATES } from "./history-job.ts";
import { packedJobDetailDtoSchema, packSlices, unpackedJobDetailDtoSchema } from "./packed-slices.ts";
import type { DeliverySliceDto } from "./schema.ts";

/** Every field of each is another number, so that no column can stand in for another. */
const SLICES: readonly DeliverySliceDto[] = SLICE_STATES.map((state, at) => ({
  region: at % 2 === 0 ? "cn-shanghai" : "cn-hangzhou",
  day: `2026-03-0${1 + Math.floor(at / 2)}`,
  state,
  failure: state === "failed" ? { code: "SinkRefused", message: "no such project" } : null,
  expected: 10_000 * (at + 1),
  delivered: 1 + 100 * at,
  undeliverable: 2 + 100 * at,
  gap: 3 + 100 * at,
  remaining: 10_000 * (at + 1) - 300 * at - 6,
  newAtSink: 4 + 100 * at,
  presentAtSink: 5 + 100 * at,
  bytes: 6 + 100 * at,
  batches: 7 + 100 * at,
  resent: 8 + 100 * at,
  deliveryTimed: 9 + 100 * at,
  attempt: 10 + 100 * at,
  startedAt: at === 0 ? null : `2026-03-09T10:00:00.00${at}Z`,
  endedAt: at < 2 ? null : `2026-03-09T11:00:00.00${at}Z`,
}));

const read = unpackedJobDetailDtoSchema.shape.slices;
const PACKED = packSlices(SLICES);

describe("packed slices", () => {
  it("are the same slices again for who reads them, every field of each", () => {
    expect(read.parse(JSON.parse(JSON.stringify(PACKED)))).toEqual(SLICES);
    expect(read.parse(packSlices([]))).toEqual([]);
  });

  it.each([
    ["a column is shorter than another", { gap: PACKED.gap.slice(1) }],
    ["a count is below 0", { bytes: PACKED.bytes.map(() => -1) }],
    ["a count is no whole number", { attempt: PACKED.attempt.map(() => 0.5) }],
    ["a count is a text", { delivered: PACKED.delivered.map(String) }],
    ["a column is missing", { batches: undefined }],
    ["a region is none of those named", { region: PACKED.region.map(() => 2) }],
    ["a day is none of those named", { days: [] }],
    ["a state is none that there is", { state: PACKED.state.map(() => SLICE_STATES.length) }],
    ["a moment is a text", { endedAt: SLICES.map(({ endedAt }) => endedAt) }],
    ["a moment is in no year that an instant can tell", { startedAt: PACKED.startedAt.map(() => 8.64e15) }],
    ["a failure is of no slice", { failures: [{ slice: SLICES.length, code: "", message: "" }] }],
  ])("are refused whole where %s", (_what, columns) => {
    expect(read.safeParse({ ...PACKED, ...columns }).success).toBe(false);
    expect(packedJobDetailDtoSchema.shape.slices.safeParse({ ...PACKED, ...columns }).success).toBe(false);
  });
});
