"use client";

import { useTable } from "@tanstack/react-table";
import { ListSkeleton, ListTable } from "@/components/table/list-table.tsx";
import { Card } from "@/components/ui/card.tsx";
import type { LogstoreDto } from "@/domain/log-service/schema.ts";
import { logstoreFeatures, useLogstoreColumns } from "./logstore-columns.tsx";

/** Logstores with what arrived in each; the name leads to its logs. */
export function LogstoreTable({ logstores, now }: { logstores: readonly LogstoreDto[]; now: string }) {
  const table = useTable({
    features: logstoreFeatures,
    columns: useLogstoreColumns(),
    data: logstores,
    getRowId: ({ region, project, name }) => `${region}/${project}/${name}`,
    meta: { now },
  });
  return (
    <Card>
      <ListTable table={table} />
    </Card>
  );
}

const SKELETON_ROWS = 3;
const NO_LOGSTORES: LogstoreDto[] = [];

/** The table's skeleton twin. */
export function LogstoreTableSkeleton() {
  const table = useTable({ features: logstoreFeatures, columns: useLogstoreColumns(), data: NO_LOGSTORES });
  return (
    <Card>
      <ListSkeleton table={table} rowCount={SKELETON_ROWS} />
    </Card>
  );
}
