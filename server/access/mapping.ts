import "server-only";
import type { AuditedAction } from "@/domain/access/action.ts";
import type { AuditRecord } from "@/domain/access/audit-event.ts";
import type { AuditEntryDto } from "@/domain/access/audit-schema.ts";
import type { Actor } from "@/domain/access/scope.ts";
import type { AuditEntry } from "@/prisma/generated/client.ts";

/** The closed sets are taken at their word: only server/access/audit.ts writes these rows, from the same types. */
export function toAuditRecord(row: AuditEntry): AuditRecord {
  return {
    id: row.id,
    requestId: row.requestId,
    accountId: row.accountId,
    at: row.at,
    action: row.action as AuditedAction,
    rw: row.rw as AuditRecord["rw"],
    errorCode: row.errorCode,
    actor: { type: row.actorType as Actor["type"], id: row.actorId, name: row.actorName, from: row.from },
    resource: row.resource,
    details: row.details,
  };
}

/** A row of the audit as it comes through `pg`. */
export type AuditRow = {
  readonly id: string;
  readonly request_id: string | null;
  readonly at: Date;
  readonly action: string;
  readonly rw: string;
  readonly outcome: string;
  readonly error_code: string | null;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly from_address: string | null;
  readonly resource: string | null;
  readonly details: unknown;
};

/** The closed sets are taken at their word, as in toAuditRecord. */
export function toAuditEntryDto(row: AuditRow): AuditEntryDto {
  return {
    id: row.id,
    requestId: row.request_id ?? row.id,
    at: row.at.toISOString(),
    action: row.action,
    rw: row.rw as AuditEntryDto["rw"],
    outcome: row.outcome as AuditEntryDto["outcome"],
    errorCode: row.error_code,
    actorType: row.actor_type as AuditEntryDto["actorType"],
    actorId: row.actor_id,
    actorName: row.actor_name,
    from: row.from_address,
    resource: row.resource,
    details: row.details as AuditEntryDto["details"],
  };
}
