import { z } from "zod";
import { EVENT_RWS } from "@/domain/trail/trail.ts";
import { JOB_PHASES, SLICE_STATES } from "./history-job.ts";

const instant = z.iso.datetime();
const count = z.int().min(0);

/** Whole seconds, as in the vendor's times; what the caller sent, never what was computed from it. */
export const windowRequestSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("default") }),
  z.strictObject({ kind: z.literal("until-effect") }),
  z.strictObject({
    kind: z.literal("own"),
    from: z.iso.datetime({ precision: 0 }),
    to: z.iso.datetime({ precision: 0 }),
  }),
]);
export type WindowRequest = z.infer<typeof windowRequestSchema>;

/** Cut and not refused: what is longer than this is malformed at any length, and the rules say so with the right code. */
const boundedText = z
  .string()
  .overwrite((text) => text.slice(0, 1_000))
  .default("");

/**
 * An intention to redeliver, from the console or the API. The shapes of TrailName and ClientToken are checked by the rules,
 * because their refusals have codes and an order of their own (design 3.1, 2).
 */
export const createHistoryJobInputSchema = z.strictObject({
  trailName: boundedText,
  clientToken: boundedText,
  window: windowRequestSchema.default({ kind: "default" }),
  // Without what PostgreSQL cannot hold: words for people lose nothing by it, and are no reason to refuse.
  reason: z
    .string()
    .overwrite((text) => text.replaceAll("\0", "").toWellFormed())
    .trim()
    .max(500)
    .default(""),
});
export type CreateHistoryJobInput = z.infer<typeof createHistoryJobInputSchema>;

/** The part of an intention that a repeated client token is compared with. */
export const storedRequestSchema = z.object({ trailName: z.string(), window: windowRequestSchema });
export type StoredRequest = z.infer<typeof storedRequestSchema>;

const ledgerFields = {
  expected: count,
  delivered: count,
  newAtSink: count,
  presentAtSink: count,
  undeliverable: count,
  gap: count,
  remaining: count,
  bytes: count,
};

const failure = z.object({ code: z.string(), message: z.string() }).nullable();

/** What a screen may see of a job. Instants are ISO 8601 in UTC. */
export const historyJobDtoSchema = z.object({
  id: z.int(),
  trailName: z.string(),
  homeRegion: z.string(),
  trailRegion: z.string(),
  eventRW: z.enum(EVENT_RWS),
  projectRegion: z.string(),
  projectName: z.string(),
  logstoreName: z.string(),
  windowFrom: instant,
  windowTo: instant,
  window: windowRequestSchema,
  clientToken: z.string().nullable(),
  reason: z.string().nullable(),
  createdBy: z.string(),
  createdFrom: z.string().nullable(),
  status: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  phase: z.enum(JOB_PHASES),
  failure,
  ...ledgerFields,
  /** Events acknowledged per second since the job started; null before the first acknowledgement. */
  eventsPerSecond: z.number().min(0).nullable(),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** The last acknowledgement of the sink, the sign of life of a running job. */
  acknowledgedAt: instant.nullable(),
});
export type HistoryJobDto = z.infer<typeof historyJobDtoSchema>;

export const deliverySliceDtoSchema = z.object({
  region: z.string(),
  /** UTC day, YYYY-MM-DD. */
  day: z.iso.date(),
  state: z.enum(SLICE_STATES),
  failure,
  ...ledgerFields,
  batches: count,
  attempt: count,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
});
export type DeliverySliceDto = z.infer<typeof deliverySliceDtoSchema>;

/** GET /jobs/data: one page of jobs, newest first. `now` is the server's time. */
export const historyJobPageDtoSchema = z.object({
  now: instant,
  jobs: z.array(historyJobDtoSchema),
  totalCount: count,
});
export type HistoryJobPageDto = z.infer<typeof historyJobPageDtoSchema>;

/** GET /slot/data: the job that holds the account's slot, if any. */
export const slotDtoSchema = z.object({ now: instant, job: historyJobDtoSchema.nullable() });
export type SlotDto = z.infer<typeof slotDtoSchema>;

/** GET /jobs/[id]/data */
export const historyJobDetailDtoSchema = z.object({
  now: instant,
  job: historyJobDtoSchema,
  slices: z.array(deliverySliceDtoSchema),
});
export type HistoryJobDetailDto = z.infer<typeof historyJobDetailDtoSchema>;

/** What a redelivery of this trail and window would send, as recorded until now. */
export const historyPreviewDtoSchema = z.object({
  windowFrom: instant,
  windowTo: instant,
  expected: count,
});
export type HistoryPreviewDto = z.infer<typeof historyPreviewDtoSchema>;
