import "server-only";
import type { AuditedAction } from "@/domain/access/action.ts";
import type { AuditRecord } from "@/domain/access/audit-event.ts";
import type { Actor } from "@/domain/access/scope.ts";
import type { AuditEntry } from "@/prisma/generated/client.ts";

/** The closed sets are taken at their word: only server/access/audit.ts writes these rows, from the same types. */
export function toAuditRecord(row: AuditEntry): AuditRecord {
  return {
    id: row.id,
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
