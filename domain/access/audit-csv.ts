import { csvLine } from "@/domain/history-job/csv.ts";
import type { AuditEntryDto } from "./audit-schema.ts";

const COLUMNS = [
  "request_id",
  "at",
  "action",
  "rw",
  "outcome",
  "error_code",
  "actor_type",
  "actor_id",
  "actor_name",
  "from",
  "resource",
  "details",
  "event_id",
];

/** The names of an audit export's columns, as its first line. */
export const AUDIT_CSV_NAMES = csvLine(COLUMNS);

/** An entry as a line of an audit export; its details are JSON in one cell. */
export function auditCsvLine(entry: AuditEntryDto): string {
  return csvLine([
    entry.requestId,
    entry.at,
    entry.action,
    entry.rw,
    entry.outcome,
    entry.errorCode,
    entry.actorType,
    entry.actorId,
    entry.actorName,
    entry.from,
    entry.resource,
    JSON.stringify(entry.details),
    entry.id,
  ]);
}
