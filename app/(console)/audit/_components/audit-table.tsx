"use client";

import { useTable } from "@tanstack/react-table";
import { ListSkeleton, ListTable } from "@/components/table/list-table.tsx";
import { Card } from "@/components/ui/card.tsx";
import type { AuditEntryDto } from "@/domain/access/audit-schema.ts";
import { auditFeatures, useAuditColumns } from "./audit-columns.tsx";

type AuditTableProps = {
  entries: readonly AuditEntryDto[];
  openId: string | null;
  onOpen: (id: string | null) => unknown;
  now: string;
};

/** Entries of the audit; the action opens its details, and closes them again. */
export function AuditTable({ entries, openId, onOpen, now }: AuditTableProps) {
  const table = useTable({
    features: auditFeatures,
    columns: useAuditColumns(openId !== null),
    data: entries,
    getRowId: ({ id }) => id,
    meta: { now, openId, onOpen },
  });
  return (
    <Card>
      <ListTable table={table} openId={openId} />
    </Card>
  );
}

// About what fits a screen, so that little moves when the real ones come.
const SKELETON_ROWS = 8;
const NO_ENTRIES: AuditEntryDto[] = [];

/** The table's skeleton twin. */
export function AuditTableSkeleton() {
  const table = useTable({ features: auditFeatures, columns: useAuditColumns(false), data: NO_ENTRIES });
  return (
    <Card>
      <ListSkeleton table={table} rowCount={SKELETON_ROWS} />
    </Card>
  );
}
