import { createHash } from "node:crypto";
import { createHistoryJobInputSchema, type WindowRequest } from "@/domain/history-job/schema.ts";
import { BATCH_ID_TAG, EVENT_CONTENT_KEY, JOB_ID_TAG } from "@/domain/log-service/log-service.ts";
import { pool, prisma } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { requestVerification } from "@/server/history-job/verification.ts";
import { storeLogs } from "@/server/log-service/commands.ts";
import type { HistoryAccount } from "./history-account.ts";

/** One event that a job expects. */
export type ExpectedEvent = {
  readonly region: string;
  readonly day: string;
  readonly event_time: Date;
  readonly event_id: string;
  readonly body: string;
};

/** What a stood-in delivery does with an event; what is left ends its slice there, as a cursor cannot skip. */
export type Fate = "deliver" | "store-without-answer" | "refuse" | "leave";

/** Creates a job over the trail's history. */
export async function createJob(account: HistoryAccount, trailName: string, window?: WindowRequest): Promise<number> {
  const scope = account.scope("actiontrail:CreateDeliveryHistoryJob");
  const { jobId } = await createHistoryJob(scope, createHistoryJobInputSchema.parse({ trailName, window }));
  return jobId;
}

/** The events that a job covers, in key order, read without any of the product's queries. */
export async function listExpected(jobId: number): Promise<ExpectedEvent[]> {
  const { rows } = await pool().query<ExpectedEvent>(
    `SELECT e.region, to_char(e.event_time AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, e.event_time, e.event_id, e.body
     FROM delivery_history_job j JOIN event e ON e.account_id = j.account_id
     WHERE j.id = $1 AND e.event_time >= j.window_from AND e.event_time < j.window_to AND e.arrival <= j.arrival_max
       AND (j.event_rw = 'All' OR e.event_rw = j.event_rw)
       AND (j.trail_region = 'All' OR e.region = ANY (string_to_array(j.trail_region, ',')))
       AND EXISTS (
         SELECT FROM delivery_slice s
         WHERE s.job_id = j.id AND s.region = e.region AND s.day = (e.event_time AT TIME ZONE 'UTC')::date
       )
     ORDER BY e.region, e.event_time, e.event_id`,
    [jobId],
  );
  return rows;
}

/**
 * Delivers a job as its worker would, in a few lines of its own: each event meets the fate that the
 * test chooses, the slices' counts, cursors and checksums say so, and the job ends with a verification requested. Nothing of the
 * worker runs, so that a test of what is proven afterwards has no part in how it was done. An external sink takes everything.
 */
export async function endJob(
  account: HistoryAccount,
  jobId: number,
  phase: "complete" | "incomplete" | "failed" | "cancelled",
  fateOf: (event: ExpectedEvent) => Fate = () => "deliver",
): Promise<void> {
  const bySlice = Map.groupBy(await listExpected(jobId), ({ region, day }) => `${day} ${region}`);
  for (const events of bySlice.values()) {
    await endSlice(account, jobId, events, fateOf);
  }
  await prisma().$transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE delivery_history_job j
      SET phase = ${phase}, status = ${phase === "complete" ? 2 : 3}, started_at = coalesce(started_at, now()), ended_at = now(),
        delivered = s.delivered, new_at_sink = s.new, present_at_sink = s.present, undeliverable = s.undeliverable, gap = s.gap,
        bytes = s.bytes
      FROM (
        SELECT coalesce(sum(delivered), 0)::bigint AS delivered, coalesce(sum(new_at_sink), 0)::bigint AS new,
          coalesce(sum(present_at_sink), 0)::bigint AS present, coalesce(sum(undeliverable), 0)::bigint AS undeliverable,
          coalesce(sum(gap), 0)::bigint AS gap, coalesce(sum(bytes), 0)::bigint AS bytes
        FROM delivery_slice WHERE job_id = ${jobId}
      ) s
      WHERE j.id = ${jobId}`;
    await requestVerification(tx, jobId, "Backtrail");
  });
}

async function endSlice(
  account: HistoryAccount,
  jobId: number,
  events: readonly ExpectedEvent[],
  fateOf: (event: ExpectedEvent) => Fate,
): Promise<void> {
  const [first] = events;
  if (first === undefined) {
    return;
  }
  const end = events.findIndex((event) => fateOf(event) === "leave" || fateOf(event) === "store-without-answer");
  const read = end === -1 ? events : events.slice(0, end);
  const refused = read.filter((event) => fateOf(event) === "refuse");
  const sent = read.filter((event) => fateOf(event) === "deliver");
  const counts = await store(account, jobId, sent);
  await store(
    account,
    jobId,
    events.slice(read.length).filter((event) => fateOf(event) === "store-without-answer"),
  );
  const conflicts = sent.filter((_, position) => counts.conflicts.includes(position));
  const delivered = sent.filter((event) => !conflicts.includes(event));
  const checksum = delivered.reduce((sum, { body }) => (sum + digestOf(body)) % 2n ** 256n, 0n);
  const last = read.at(-1) ?? null;
  const isRead = end === -1;
  await pool().query(
    `UPDATE delivery_slice
     SET delivered = $4, new_at_sink = $5, present_at_sink = $6, undeliverable = $7, bytes = $8, batches = 1, checksum = $9,
       cursor_time = $10, cursor_event_id = $11, gap = CASE WHEN $12 = 'stopped' THEN 0 ELSE expected - $13::bigint END,
       state = $12, attempt = 1, entry_id = NULL, started_at = now(), ended_at = now()
     WHERE job_id = $1 AND day = $2 AND region = $3`,
    [
      jobId,
      first.day,
      first.region,
      delivered.length,
      counts.new,
      counts.present,
      refused.length + conflicts.length,
      delivered.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0),
      Buffer.from(checksum.toString(16).padStart(64, "0"), "hex"),
      last?.event_time ?? null,
      last?.event_id ?? null,
      isRead ? "incomplete" : "stopped",
      read.length,
    ],
  );
  for (const [list, reason] of [
    [refused, "PostBodyInvalid: the log service will not take this log"],
    [conflicts, "LogConflict: the logstore already has this event with another text."],
  ] as const) {
    await prisma().undeliverable.createMany({
      data: list.map(({ region, day, event_time, event_id }) => ({
        jobId,
        region,
        day: new Date(`${day}T00:00:00Z`),
        eventTime: event_time,
        eventId: event_id,
        reason,
      })),
    });
  }
}

/** SHA-256 of a text as a number: what checksums are sums of. */
export function digestOf(text: string): bigint {
  return BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
}

async function store(account: HistoryAccount, jobId: number, events: readonly ExpectedEvent[]) {
  const job = await prisma().deliveryHistoryJob.findUniqueOrThrow({ where: { id: jobId } });
  const external = await prisma().logProject.findFirst({
    where: { accountId: account.accountId, name: job.projectName, endpoint: { not: null } },
  });
  if (external !== null) {
    return { new: events.length, present: 0, conflicts: [] };
  }
  const batchId = `${jobId}-${createHash("sha256").update(JSON.stringify(events)).digest("hex").slice(0, 32)}`;
  return storeLogs(
    account.scope("log:PostLogStoreLogs"),
    { region: job.projectRegion, project: job.projectName, logstore: job.logstoreName },
    {
      topic: "actiontrail_audit_event",
      source: "",
      tags: [
        { key: JOB_ID_TAG, value: String(jobId) },
        { key: BATCH_ID_TAG, value: batchId },
      ],
      logs: events.map(({ event_time, body }) => ({
        time: Math.floor(event_time.getTime() / 1_000),
        contents: [{ key: EVENT_CONTENT_KEY, value: Buffer.from(body) }],
      })),
    },
  );
}
