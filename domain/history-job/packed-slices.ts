import { z } from "zod";
import { remainingOf, SLICE_STATES } from "./history-job.ts";
import { type DeliverySliceDto, historyJobDetailDtoSchema } from "./schema.ts";

/** The last that ISO 8601 has four digits of a year for. */
const MOMENT_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * A column with a whole number from 0 for each slice. Looked through here and not by a schema for each number: there are tens of thousands,
 * and the page waits for them.
 */
const counts = z.custom<readonly number[]>((value) => Array.isArray(value) && value.every(isCount));

/** The same for moments that may not have come; milliseconds since 1970. */
const moments = z.custom<readonly (number | null)[]>(
  (value) => Array.isArray(value) && value.every((moment) => moment === null || isMoment(moment)),
);

function isMoment(value: unknown): value is number {
  return isCount(value) && value <= MOMENT_MAX;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

const columnsSchema = z.object({
  regions: z.array(z.string()),
  days: z.array(z.iso.date()),
  /** Of each slice, its place in `regions`, in `days` and in SLICE_STATES. */
  region: counts,
  day: counts,
  state: counts,
  expected: counts,
  delivered: counts,
  newAtSink: counts,
  presentAtSink: counts,
  undeliverable: counts,
  gap: counts,
  bytes: counts,
  batches: counts,
  resent: counts,
  deliveryTimed: counts,
  attempt: counts,
  startedAt: moments,
  endedAt: moments,
  /** Of the few that have one. */
  failures: z.array(z.object({ slice: z.int().min(0), code: z.string(), message: z.string() })),
});
type PackedSlices = z.infer<typeof columnsSchema>;

/** Slices by columns: a fraction of the text that as many objects are, and of the time that their schema takes. */
const packedSlicesSchema = columnsSchema.refine(isWhole);

/** Whether all columns are of one length, and every place is one that there is. */
function isWhole({ regions, days, failures, ...columns }: PackedSlices): boolean {
  const { region, day, state } = columns;
  return (
    Object.values(columns).every(({ length }) => length === state.length) &&
    failures.every(({ slice }) => slice < state.length) &&
    region.every((place) => place < regions.length) &&
    day.every((place) => place < days.length) &&
    state.every((place) => place < SLICE_STATES.length)
  );
}

/** GET /jobs/[id]/data, as it travels. */
export const packedJobDetailDtoSchema = historyJobDetailDtoSchema.extend({ slices: packedSlicesSchema });

/** The same as who asked reads it: with the slices that were packed. */
export const unpackedJobDetailDtoSchema = historyJobDetailDtoSchema.extend({
  slices: packedSlicesSchema.transform(unpackSlices),
});

export function packSlices(slices: readonly DeliverySliceDto[]): PackedSlices {
  const regions = [...new Set(slices.map(({ region }) => region))];
  const days = [...new Set(slices.map(({ day }) => day))];
  const regionPlaces = new Map(regions.map((region, place) => [region, place]));
  const dayPlaces = new Map(days.map((day, place) => [day, place]));
  const column = <Value>(read: (slice: DeliverySliceDto) => Value) => slices.map(read);
  return {
    regions,
    days,
    region: column(({ region }) => regionPlaces.get(region) ?? 0),
    day: column(({ day }) => dayPlaces.get(day) ?? 0),
    state: column(({ state }) => SLICE_STATES.indexOf(state)),
    expected: column(({ expected }) => expected),
    delivered: column(({ delivered }) => delivered),
    newAtSink: column(({ newAtSink }) => newAtSink),
    presentAtSink: column(({ presentAtSink }) => presentAtSink),
    undeliverable: column(({ undeliverable }) => undeliverable),
    gap: column(({ gap }) => gap),
    bytes: column(({ bytes }) => bytes),
    batches: column(({ batches }) => batches),
    resent: column(({ resent }) => resent),
    deliveryTimed: column(({ deliveryTimed }) => deliveryTimed),
    attempt: column(({ attempt }) => attempt),
    startedAt: column(({ startedAt }) => momentOf(startedAt)),
    endedAt: column(({ endedAt }) => momentOf(endedAt)),
    failures: slices.flatMap(({ failure }, slice) => (failure === null ? [] : [{ slice, ...failure }])),
  };
}

function unpackSlices(packed: PackedSlices): DeliverySliceDto[] {
  const failures = new Map(packed.failures.map(({ slice, ...failure }) => [slice, failure]));
  return packed.state.map((state, slice) => {
    // isWhole has seen that each column has a number here, and each place a value.
    const at = (column: readonly number[]) => column[slice] ?? 0;
    const ledger = {
      expected: at(packed.expected),
      delivered: at(packed.delivered),
      undeliverable: at(packed.undeliverable),
      gap: at(packed.gap),
    };
    return {
      region: packed.regions[at(packed.region)] ?? "",
      day: packed.days[at(packed.day)] ?? "",
      state: SLICE_STATES[state] ?? "waiting",
      failure: failures.get(slice) ?? null,
      ...ledger,
      remaining: remainingOf(ledger),
      newAtSink: at(packed.newAtSink),
      presentAtSink: at(packed.presentAtSink),
      bytes: at(packed.bytes),
      batches: at(packed.batches),
      resent: at(packed.resent),
      deliveryTimed: at(packed.deliveryTimed),
      attempt: at(packed.attempt),
      startedAt: instantOf(packed.startedAt[slice]),
      endedAt: instantOf(packed.endedAt[slice]),
    };
  });
}

function momentOf(instant: string | null): number | null {
  return instant === null ? null : Date.parse(instant);
}

function instantOf(moment: number | null | undefined): string | null {
  return typeof moment === "number" ? new Date(moment).toISOString() : null;
}
