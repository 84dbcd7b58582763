import "server-only";
import {
  type AuditEntryDto,
  type AuditFilter,
  type AuditPageDto,
  type AuditPlace,
  auditPlaceText,
} from "@/domain/access/audit-schema.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { pool, prisma, readDatabaseTime } from "@/server/db.ts";
import { writeAuditEntry } from "./audit.ts";
import { type AuditRow, toAuditEntryDto } from "./mapping.ts";

/** Rows on a screen. */
const PAGE_SIZE = 50;

/** Rows that an export reads at a time: few statements, and no more memory than one of them needs. */
const EXPORT_PAGE_SIZE = 2_000;

/**
 * One page of the account's audit, newest first, behind the place that a page before it named. What is written meanwhile is newer and
 * moves nothing.
 */
export async function listAuditEntries(
  scope: AccountScope,
  filter: AuditFilter,
  before: AuditPlace | null,
): Promise<AuditPageDto> {
  const found = await readEntries(scope, filter, before, PAGE_SIZE + 1);
  const entries = found.slice(0, PAGE_SIZE);
  const last = entries.at(-1);
  return { entries, next: found.length > PAGE_SIZE && last !== undefined ? auditPlaceText(last) : null };
}

/** The account's entry of this id, or null. */
export async function findAuditEntry(scope: AccountScope, id: string): Promise<AuditEntryDto | null> {
  const { rows } = await pool().query<AuditRow>(
    `SELECT ${COLUMNS} FROM audit_entry WHERE id = $1::uuid AND account_id = $2`,
    [id, scope.accountId],
  );
  const [row] = rows;
  return row === undefined ? null : toAuditEntryDto(row);
}

/**
 * All entries of a filter that were there at the call, newest first, some thousand at a time, each read when it is asked for. The export
 * itself is an entry of the audit, written before the first is read, and not among them.
 */
export async function exportAuditEntries(
  scope: AccountScope,
  filter: AuditFilter,
  format: "csv" | "ndjson",
): Promise<AsyncIterable<readonly AuditEntryDto[]>> {
  const now = await readDatabaseTime();
  await prisma().$transaction((tx) => writeAuditEntry(tx, scope, { details: { format, ...filter } }));
  const to = filter.to !== null && filter.to < now.toISOString() ? filter.to : now.toISOString();
  return readPages(scope, { ...filter, to });
}

async function* readPages(scope: AccountScope, filter: AuditFilter): AsyncGenerator<readonly AuditEntryDto[]> {
  let before: AuditPlace | null = null;
  for (;;) {
    const page: AuditEntryDto[] = await readEntries(scope, filter, before, EXPORT_PAGE_SIZE);
    const last = page.at(-1);
    if (last === undefined) {
      return;
    }
    yield page;
    before = last;
  }
}

const COLUMNS = `id, request_id, at, action, rw, outcome, error_code, actor_type, actor_id, actor_name, from_address, resource, details`;

/** One walk down the index by account, time and id, from the place on; the rest of the filter is looked at on the way. */
async function readEntries(
  scope: AccountScope,
  { who, action, outcome, from, to }: AuditFilter,
  before: AuditPlace | null,
  limit: number,
): Promise<AuditEntryDto[]> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [`account_id = ${bind(scope.accountId)}`];
  if (from !== null) {
    conditions.push(`at >= ${bind(from)}::timestamptz`);
  }
  if (to !== null) {
    conditions.push(`at < ${bind(to)}::timestamptz`);
  }
  if (before !== null) {
    conditions.push(`(at, id) < (${bind(before.at)}::timestamptz, ${bind(before.id)}::uuid)`);
  }
  if (action !== null) {
    conditions.push(`action = ${bind(action)}`);
  }
  if (outcome !== null) {
    conditions.push(`outcome = ${bind(outcome)}`);
  }
  if (who !== null) {
    const text = bind(who.replaceAll("\0", ""));
    conditions.push(
      `(strpos(lower(actor_name), lower(${text})) > 0 OR actor_id = ${text} OR from_address = ${text} OR id::text = lower(${text}) OR request_id = upper(${text}))`,
    );
  }
  const { rows } = await pool().query<AuditRow>(
    `SELECT ${COLUMNS} FROM audit_entry WHERE ${conditions.join(" AND ")} ORDER BY at DESC, id DESC LIMIT ${bind(limit)}`,
    values,
  );
  return rows.map(toAuditEntryDto);
}
