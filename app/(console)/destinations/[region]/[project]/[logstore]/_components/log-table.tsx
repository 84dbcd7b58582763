"use client";

import { useTable } from "@tanstack/react-table";
import { ListSkeleton, ListTable } from "@/components/table/list-table.tsx";
import { Card } from "@/components/ui/card.tsx";
import { logKeyText } from "@/domain/log-service/log-key.ts";
import type { LogSummaryDto } from "@/domain/log-service/schema.ts";
import { logFeatures, useLogColumns } from "./log-columns.tsx";

type LogTableProps = {
  logs: readonly LogSummaryDto[];
  openKey: string | null;
  onOpen: (key: string | null) => void;
  now: string;
};

/** Logs by what tells them apart; the event's name opens the whole of it, and closes it again. */
export function LogTable({ logs, openKey, onOpen, now }: LogTableProps) {
  const table = useTable({
    features: logFeatures,
    columns: useLogColumns(openKey !== null),
    data: logs,
    getRowId: logKeyText,
    meta: { now, openKey, onOpen },
  });
  return (
    <Card>
      <ListTable table={table} openId={openKey} />
    </Card>
  );
}

const SKELETON_ROWS = 8;
const NO_LOGS: LogSummaryDto[] = [];

/** The table's skeleton twin. */
export function LogTableSkeleton() {
  const table = useTable({ features: logFeatures, columns: useLogColumns(false), data: NO_LOGS });
  return (
    <Card>
      <ListSkeleton table={table} rowCount={SKELETON_ROWS} />
    </Card>
  );
}
