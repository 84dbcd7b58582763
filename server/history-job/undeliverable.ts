import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import type { UndeliverableDto, UndeliverablePageDto, UndeliverableReasons } from "@/domain/history-job/schema.ts";
import { pool, prisma } from "@/server/db.ts";

/** Which undeliverable events of a job; null for any region or day. */
export type UndeliverableFilter = { readonly region: string | null; readonly day: string | null };

/** Rows on a screen. */
const PAGE_SIZE = 50;

/** Rows that a download reads at a time: few statements, and no more memory than one of them needs. */
const DOWNLOAD_PAGE_SIZE = 2_000;

/** Reasons that are told apart. A sink that puts a number into each of its sentences must not make a list of millions. */
const REASONS_MAX = 50;

/** The place behind an event in the list's order. */
const cursorSchema = z.tuple([z.iso.date(), z.string(), z.iso.datetime(), z.string()]);
type Cursor = z.infer<typeof cursorSchema>;

/**
 * One page of the events that the job's sink would not take, by day, region and key, behind the place that a page before it
 * named. A retry may take events off the list meanwhile; none is listed twice.
 *
 * @throws DomainError DeliveryHistoryJobNotFound, InvalidParameterValue for a place that no page has named
 */
export async function listUndeliverable(
  scope: AccountScope,
  jobId: number,
  filter: UndeliverableFilter,
  after: string | null,
): Promise<UndeliverablePageDto> {
  await requireJob(scope, jobId);
  const cursor = after === null ? null : decodeCursor(after);
  const [events, reasons] = await Promise.all([
    readPage(jobId, filter, cursor, PAGE_SIZE + 1),
    cursor === null ? countReasons(jobId, filter) : null,
  ]);
  const page = events.slice(0, PAGE_SIZE);
  const last = page.at(-1);
  return {
    events: page,
    next: events.length > PAGE_SIZE && last !== undefined ? encodeCursor(cursorOf(last)) : null,
    reasons,
  };
}

/**
 * All of them, a few thousand at a time, each read when it is asked for. Rejects on the first call when the job is not there.
 * @throws DomainError DeliveryHistoryJobNotFound
 */
export async function streamUndeliverable(
  scope: AccountScope,
  jobId: number,
  filter: UndeliverableFilter,
): Promise<AsyncIterable<readonly UndeliverableDto[]>> {
  await requireJob(scope, jobId);
  return readPages(jobId, filter);
}

async function* readPages(jobId: number, filter: UndeliverableFilter): AsyncGenerator<readonly UndeliverableDto[]> {
  let cursor: Cursor | null = null;
  for (;;) {
    const page: UndeliverableDto[] = await readPage(jobId, filter, cursor, DOWNLOAD_PAGE_SIZE);
    const last = page.at(-1);
    if (last === undefined) {
      return;
    }
    yield page;
    cursor = cursorOf(last);
  }
}

/** How often each reason was given, the most frequent first; beyond REASONS_MAX the others in one. */
export async function countReasons(jobId: number, filter: UndeliverableFilter): Promise<UndeliverableReasons> {
  const { rows } = await pool().query<{ reason: string | null; count: number }>(
    `WITH by_reason AS (
       SELECT reason, count(*) AS count, row_number() OVER (ORDER BY count(*) DESC, reason) AS rank
       FROM undeliverable
       WHERE job_id = $1 AND ($2::text IS NULL OR region = $2) AND ($3::date IS NULL OR day = $3)
       GROUP BY reason
     )
     SELECT CASE WHEN rank <= $4 THEN reason END AS reason, sum(count)::int8 AS count
     FROM by_reason GROUP BY least(rank, $4 + 1), 1 ORDER BY least(rank, $4 + 1)`,
    [jobId, filter.region, filter.day, REASONS_MAX],
  );
  return rows.map(({ reason, count }) => ({ reason: reason ?? ENGINE_SENTENCES.otherReasons(), count }));
}

type UndeliverableRow = { region: string; day: string; event_time: Date; event_id: string; reason: string };

async function readPage(
  jobId: number,
  filter: UndeliverableFilter,
  after: Cursor | null,
  limit: number,
): Promise<UndeliverableDto[]> {
  const { rows } = await pool().query<UndeliverableRow>(
    `SELECT region, day, event_time, event_id, reason FROM undeliverable
     WHERE job_id = $1 AND ($2::text IS NULL OR region = $2) AND ($3::date IS NULL OR day = $3)
       AND ($4::date IS NULL OR (day, region, event_time, event_id) > ($4, $5, $6::timestamptz, $7))
     ORDER BY day, region, event_time, event_id
     LIMIT $8`,
    [jobId, filter.region, filter.day, ...(after ?? [null, null, null, null]), limit],
  );
  return rows.map((row) => ({
    region: row.region,
    day: row.day,
    eventTime: row.event_time.toISOString(),
    eventId: row.event_id,
    reason: row.reason,
  }));
}

async function requireJob(scope: AccountScope, jobId: number): Promise<void> {
  const row = await prisma().deliveryHistoryJob.findFirst({
    where: { id: jobId, accountId: scope.accountId },
    select: { id: true },
  });
  if (row === null) {
    throw new DomainError("DeliveryHistoryJobNotFound", { jobId });
  }
}

function cursorOf({ day, region, eventTime, eventId }: UndeliverableDto): Cursor {
  return [day, region, eventTime, eventId];
}

function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

function decodeCursor(text: string): Cursor {
  const decoded = Buffer.from(text, "base64url").toString();
  let value: unknown;
  try {
    value = JSON.parse(decoded);
  } catch {
    value = null;
  }
  const cursor = cursorSchema.safeParse(value);
  if (!cursor.success || cursor.data.some((part) => part.includes("\0"))) {
    throw new DomainError("InvalidParameterValue", { field: "after" });
  }
  return cursor.data;
}
