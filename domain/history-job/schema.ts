import { z } from "zod";
import { LOG_TIMES } from "@/domain/log-service/log-service.ts";
import { EVENT_RWS } from "@/domain/trail/trail.ts";
import { JOB_PHASES, SLICE_STATES, VERIFICATION_METHODS, VERIFICATION_STATES } from "./history-job.ts";

const instant = z.iso.datetime();
const count = z.int().min(0);

/** Job ids are int32, from 1. */
export const jobIdSchema = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);

/** Which job an intention is about. */
export const jobInputSchema = z.strictObject({ jobId: jobIdSchema });
export type JobInput = z.infer<typeof jobInputSchema>;

/** The highest ceiling: more than one installation delivers, and an int32 with room to spare. */
export const EVENTS_PER_SECOND_MAX = 1_000_000;

/** A ceiling on a job's speed; null takes it away. */
export const limitHistoryJobInputSchema = z.strictObject({
  jobId: jobIdSchema,
  eventsPerSecondMax: z.int().min(1).max(EVENTS_PER_SECOND_MAX).nullable(),
});
export type LimitHistoryJobInput = z.infer<typeof limitHistoryJobInputSchema>;

/** A window that is chosen by time. Whole seconds, as in the vendor's times. */
export const timeWindowRequestSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("default") }),
  z.strictObject({ kind: z.literal("until-effect") }),
  z.strictObject({
    kind: z.literal("own"),
    from: z.iso.datetime({ precision: 0 }),
    to: z.iso.datetime({ precision: 0 }),
  }),
]);
export type TimeWindowRequest = z.infer<typeof timeWindowRequestSchema>;

/** What the caller sent, never what was computed from it: a window, or another job whose missing events to send again. */
export const windowRequestSchema = z.discriminatedUnion("kind", [
  ...timeWindowRequestSchema.options,
  z.strictObject({ kind: z.literal("missing-of"), jobId: jobIdSchema }),
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
  /** Events acknowledged per second since the present run started; null before its first acknowledgement. */
  eventsPerSecond: z.number().min(0).nullable(),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** The last acknowledgement of the sink, the sign of life of a running job. */
  acknowledgedAt: instant.nullable(),
  pausedAt: instant.nullable(),
  cancelledBy: z.string().nullable(),
  deletedAt: instant.nullable(),
  /** 1, and one more with each retry. */
  run: z.int().min(1),
  eventsPerSecondMax: z.int().nullable(),
  logTime: z.enum(LOG_TIMES),
  /** Delivered logs that carry the time of their delivery. */
  deliveryTimed: count,
  batches: count,
  /** Batches that were sent again. */
  resent: count,
  /** Slices that a worker holds at the moment: what an ending job waits for. */
  claims: count,
  missingOf: z.int().nullable(),
});
export type HistoryJobDto = z.infer<typeof historyJobDtoSchema>;

const deliverySliceDtoSchema = z.object({
  region: z.string(),
  /** UTC day, YYYY-MM-DD. */
  day: z.iso.date(),
  state: z.enum(SLICE_STATES),
  failure,
  ...ledgerFields,
  batches: count,
  resent: count,
  deliveryTimed: count,
  attempt: count,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
});
export type DeliverySliceDto = z.infer<typeof deliverySliceDtoSchema>;

/** The newest jobs of an account or of one trail. `now` is the server's time. */
export type HistoryJobPageDto = {
  readonly now: string;
  readonly jobs: readonly HistoryJobDto[];
  readonly totalCount: number;
};

/** GET /jobs/list: some jobs of a list, and what those behind them are asked for with; null at its end. */
export const historyJobListDtoSchema = z.object({
  now: instant,
  jobs: z.array(historyJobDtoSchema),
  next: z.string().nullable(),
  /** Of the whole list, with the first jobs of it; null with the others. */
  totalCount: count.nullable(),
  /** The last id in the whole list, whatever its order, 0 in an empty one; with the first jobs of it too. */
  newestId: count.nullable(),
});
export type HistoryJobListDto = z.infer<typeof historyJobListDtoSchema>;

/** A sink in trouble, from its first failure to its next acceptance. */
const sinkTroubleDtoSchema = z.object({
  openedAt: instant,
  triedAt: instant,
  retryAt: instant,
  failures: count,
  code: z.string(),
  message: z.string(),
});
export type SinkTroubleDto = z.infer<typeof sinkTroubleDtoSchema>;

/** GET /slot/data: the job that holds the account's slot, if any, what is wrong with its sink, and how job `after` ended. */
export const slotDtoSchema = z.object({
  now: instant,
  job: historyJobDtoSchema.nullable(),
  sinkTrouble: sinkTroubleDtoSchema.nullable(),
  /** How the job ended that was asked after, once it has. */
  ended: historyJobDtoSchema.pick({ id: true, phase: true, undeliverable: true, gap: true }).nullable(),
});
export type SlotDto = z.infer<typeof slotDtoSchema>;

/**
 * GET /jobs/data: jobs that are on screen as they are now, and how many of the list have been created since; with the slot, which the page shows
 * as well and need not ask for by itself then.
 */
export const watchedJobsDtoSchema = z.object({
  now: instant,
  jobs: z.array(historyJobDtoSchema),
  newerCount: count,
  slot: slotDtoSchema.omit({ now: true }),
});
export type WatchedJobsDto = z.infer<typeof watchedJobsDtoSchema>;

/** What a verification found of one slice. `missing` and `conflicts` are null where the method cannot tell. */
export const sliceVerificationDtoSchema = z.object({
  region: z.string(),
  day: z.iso.date(),
  method: z.enum(VERIFICATION_METHODS),
  inHistory: count.nullable(),
  inSink: count,
  missing: count.nullable(),
  conflicts: count.nullable(),
  /** Hexadecimal sums of body digests modulo 2^256: of what was delivered, and of what the sink holds of it. */
  checksumHere: z.string(),
  checksumThere: z.string().nullable(),
});
export type SliceVerificationDto = z.infer<typeof sliceVerificationDtoSchema>;

/** One comparison of a job with its logstore; the sums are over the slices that have been looked at. */
export const jobVerificationDtoSchema = z.object({
  id: z.int(),
  state: z.enum(VERIFICATION_STATES),
  requestedAt: instant,
  requestedBy: z.string(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  failure: z.string().nullable(),
  /** Slices looked at so far, and of how many. */
  slicesDone: count,
  slicesTotal: count,
  methods: z.array(z.enum(VERIFICATION_METHODS)),
  inSink: count,
  /** Null where a slice's method cannot tell. */
  missing: count.nullable(),
  conflicts: count.nullable(),
  /** Slices whose missing events can be sent again: those of "redeliver only what is missing". */
  slicesMissing: count,
  /** Whether the checksums of all slices agree; null where a sink cannot be read. */
  checksumsEqual: z.boolean().nullable(),
  arrivedLater: count.nullable(),
});
export type JobVerificationDto = z.infer<typeof jobVerificationDtoSchema>;

/** What a retry of the job would do; null when there is nothing that it could. */
const retryDtoSchema = z.object({
  slices: count,
  /** Events that were not tried yet, behind the cursors. */
  remaining: count,
  /** Events that were refused, tried once more. */
  undeliverable: count,
});

/** A job with all that its page shows of it. */
export const historyJobDetailDtoSchema = z.object({
  now: instant,
  job: historyJobDtoSchema,
  slices: z.array(deliverySliceDtoSchema),
  sinkTrouble: sinkTroubleDtoSchema.nullable(),
  /** The newest one. */
  verification: jobVerificationDtoSchema.nullable(),
  retry: retryDtoSchema.nullable(),
});
export type HistoryJobDetailDto = z.infer<typeof historyJobDetailDtoSchema>;
/** What is known of a job before its slices, of which there may be thousands, are read. */
export type HistoryJobHeadDto = Omit<HistoryJobDetailDto, "slices">;

/** How far a run of a job was at a moment. With `isPause`, it was paused from there to the next moment. */
const rateSampleSchema = z.object({ run: z.int().min(1), at: instant, delivered: count, isPause: z.boolean() });

/** GET /jobs/[id]/rate: the moments of all runs of a job, oldest first; few enough to be drawn. */
export const jobRateDtoSchema = z.object({ now: instant, samples: z.array(rateSampleSchema) });
export type JobRateDto = z.infer<typeof jobRateDtoSchema>;

/** GET /jobs/[id]/verification: the newest verification with what it has found of each slice so far. */
export const verificationDetailDtoSchema = z.object({
  verification: jobVerificationDtoSchema.nullable(),
  slices: z.array(sliceVerificationDtoSchema),
});
export type VerificationDetailDto = z.infer<typeof verificationDetailDtoSchema>;

/** An event that the sink would not take. */
const undeliverableDtoSchema = z.object({
  region: z.string(),
  day: z.iso.date(),
  eventTime: instant,
  eventId: z.string(),
  reason: z.string(),
});
export type UndeliverableDto = z.infer<typeof undeliverableDtoSchema>;

/** How often sinks gave each reason, the most frequent first; the rest of very many as one. */
const undeliverableReasonsSchema = z.array(z.object({ reason: z.string(), count }));
export type UndeliverableReasons = z.infer<typeof undeliverableReasonsSchema>;

/** GET /jobs/[id]/undeliverable: one page, by day, region and key. `next` is what the next page is asked for with. */
export const undeliverablePageDtoSchema = z.object({
  events: z.array(undeliverableDtoSchema),
  next: z.string().nullable(),
  /** Of all events that match, on the first page; null on the others. */
  reasons: undeliverableReasonsSchema.nullable(),
});
export type UndeliverablePageDto = z.infer<typeof undeliverablePageDtoSchema>;

/**
 * GET /jobs/[id]/report?format=json: the report of a job as a document: its facts, the equation per slice and for all, and what the
 * newest finished verification found (one that is under way, or failed, when there is no other).
 */
export const historyJobReportDtoSchema = z.object({
  generatedAt: instant,
  accountId: z.string(),
  job: historyJobDtoSchema,
  /** expected = delivered + undeliverable + gap + remaining, summed over the slices; whether it holds, and the job says the same. */
  equation: z.object({
    expected: count,
    delivered: count,
    undeliverable: count,
    gap: count,
    remaining: count,
    holds: z.boolean(),
  }),
  slices: z.array(z.object({ slice: deliverySliceDtoSchema, verification: sliceVerificationDtoSchema.nullable() })),
  verification: jobVerificationDtoSchema.nullable(),
  /** Reasons behind undeliverable events. */
  undeliverableReasons: undeliverableReasonsSchema,
  /** What this report can and cannot prove, in sentences. */
  statements: z.array(z.string()),
});
export type HistoryJobReportDto = z.infer<typeof historyJobReportDtoSchema>;

/** How fast the latest jobs without a ceiling delivered: of the account, or of the installation where the account has none. */
const measuredSpeedSchema = z.object({
  eventsPerSecond: z.number().positive(),
  jobs: z.int().min(1),
  of: z.enum(["account", "installation"]),
});
export type MeasuredSpeed = z.infer<typeof measuredSpeedSchema>;

/**
 * What a redelivery of this trail and window would send, as recorded until `asOf`. `inSink` counts the logs of the same window
 * and filter that the logstore has already; null where the sink cannot be read. `speed` is null where nothing was measured yet.
 */
export const historyPreviewDtoSchema = z.object({
  asOf: instant,
  windowFrom: instant,
  windowTo: instant,
  expected: count,
  inSink: count.nullable(),
  days: z.array(z.object({ region: z.string(), day: z.iso.date(), expected: count, inSink: count.nullable() })),
  speed: measuredSpeedSchema.nullable(),
});
export type HistoryPreviewDto = z.infer<typeof historyPreviewDtoSchema>;
