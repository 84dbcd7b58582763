import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { recordAuditEvents, writeAuditEntry } from "@/server/access/audit.ts";
import { prisma } from "@/server/db.ts";

/** What came of an import, by the number of its events. */
export type ImportCounts = {
  recorded: number;
  present: number;
  conflicts: number;
  outsideHistory: number;
  refused: number;
};

/** Where the events of an import came from. */
export type ImportOrigin =
  | { readonly files: string[] }
  | {
      readonly sample: {
        readonly events: number;
        readonly seed: string;
        readonly days: number;
        readonly until: string;
      };
    };

/**
 * Notes in the account's audit that an import begins: one that is killed, or loses its database, could not say at its end what
 * it has brought.
 */
export async function noteImportBegin(scope: AccountScope, origin: ImportOrigin): Promise<void> {
  await prisma().$transaction((tx) => writeAuditEntry(tx, scope, { details: { ...origin, begins: true } }));
}

/** Notes in the account's audit what an import has brought, whether it came to its end or was stopped. */
export async function noteImport(
  scope: AccountScope,
  {
    origin,
    counts,
    isWhole,
  }: { readonly origin: ImportOrigin; readonly counts: ImportCounts; readonly isWhole: boolean },
): Promise<void> {
  await prisma().$transaction((tx) => writeAuditEntry(tx, scope, { details: { ...origin, ...counts, isWhole } }));
  await recordAuditEvents();
}
