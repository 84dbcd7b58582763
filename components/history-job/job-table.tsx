"use client";

import { useQuery } from "@tanstack/react-query";
import { useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import { ListSkeleton, ListTable } from "@/components/table/list-table.tsx";
import { Card } from "@/components/ui/card.tsx";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { slotQuery } from "./history-job-queries.ts";
import { jobFeatures, useJobColumns } from "./job-columns.tsx";

type JobTableProps = { jobs: readonly HistoryJobDto[]; now: string };

/** A few jobs; the one in the slot as the page's slot shows it, which polls. */
export function JobTable({ jobs, now }: JobTableProps) {
  const { data: slot } = useQuery({ ...slotQuery(), enabled: false });
  const inSlot = slot?.job;
  const rows = useMemo(() => jobs.map((job) => (job.id === inSlot?.id ? inSlot : job)), [jobs, inSlot]);
  const table = useTable({
    features: jobFeatures,
    columns: useJobColumns(),
    data: rows,
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
