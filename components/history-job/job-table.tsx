"use client";

import { useTable } from "@tanstack/react-table";
import { ListSkeleton, ListTable } from "@/components/table/list-table.tsx";
import { Card } from "@/components/ui/card.tsx";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { jobFeatures, useJobColumns } from "./job-columns.tsx";

type JobTableProps = { jobs: readonly HistoryJobDto[]; now: string };

/** A few jobs. */
export function JobTable({ jobs, now }: JobTableProps) {
  const table = useTable({
    features: jobFeatures,
    columns: useJobColumns(),
    data: jobs,
    getRowId: ({ id }) => String(id),
    meta: { now },
  });
  return (
    <Card>
      <ListTable table={table} />
    </Card>
  );
}

const SKELETON_ROWS = 5;
const NO_JOBS: HistoryJobDto[] = [];

/** The table's skeleton twin. */
export function JobTableSkeleton() {
  const table = useTable({ features: jobFeatures, columns: useJobColumns(), data: NO_JOBS });
  return (
    <Card>
      <ListSkeleton table={table} rowCount={SKELETON_ROWS} />
    </Card>
  );
}
