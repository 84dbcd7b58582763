"use client";

import { functionalUpdate, useTable } from "@tanstack/react-table";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { ListSkeleton, ListTable } from "@/components/table/list-table.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { redeliverLink } from "./redeliver-link.ts";
import { SORTED_COLUMNS, trailTableFeatures, useTrailColumns } from "./trail-columns.tsx";
import { TrailFilters } from "./trail-filters.tsx";
import { filtersOf, sortingOf, sortOf, trailListLink } from "./trail-list-state.ts";
import { trailsWords } from "./words.ts";

type TrailTableProps = { accountId: string; trails: readonly TrailDto[]; mayRedeliver: boolean; now: string };

/** The account's trails, as the address filters and sorts them. */
export function TrailTable({ accountId, trails, mayRedeliver, now }: TrailTableProps) {
  const words = useWords(trailsWords);
  const [{ find, status, sort }, setLink] = useQueryStates(trailListLink);
  const sorting = useMemo(() => sortingOf(sort), [sort]);
  const columnFilters = useMemo(() => filtersOf(find, status), [find, status]);
  const table = useTable({
    features: trailTableFeatures,
    columns: useTrailColumns(),
    data: trails,
    getRowId: ({ name }) => name,
    state: { sorting, columnFilters },
    onSortingChange: (change) => setLink({ sort: sortOf(functionalUpdate(change, sorting)) }),
    meta: { accountId, mayRedeliver, now },
  });
  const { rows } = table.getRowModel();
  return (
    <>
      <CarriedWindow />
      <TrailFilters shown={rows.length} total={trails.length} />
      {rows.length === 0 ? (
        <StatePanel
          title={words.noneFound}
          action={<Button onClick={() => setLink({ find: null, status: null })}>{words.clear}</Button>}
        >
          {words.noneFoundWhy}
        </StatePanel>
      ) : (
        <Card>
          <ListTable
            table={table}
            sortOf={(id) => {
              const column = SORTED_COLUMNS.has(id) ? table.getColumn(id) : undefined;
              return column && { sorted: column.getIsSorted(), onSort: () => column.toggleSorting() };
            }}
          />
        </Card>
      )}
    </>
  );
}

/** A window that was chosen elsewhere waits in the address for the trail that it is to be redelivered with. */
function CarriedWindow() {
  const words = useWords(trailsWords);
  const formats = useFormats();
  const [{ redeliver, window }, setLink] = useQueryStates(redeliverLink);
  if (window === null || redeliver !== null) {
    return null;
  }
  return (
    <Notice className="mb-3">
      {window.kind === "own" ? words.carriedWindow(formats.window(window.from, window.to)) : words.carriedHistory}{" "}
      <Button size="small" onClick={() => setLink({ window: null })}>
        {words.dropWindow}
      </Button>
    </Notice>
  );
}

// About what an account has, so that little moves when the real ones come.
const SKELETON_ROWS = 4;
const NO_TRAILS: TrailDto[] = [];

/** The table's skeleton twin. */
export function TrailTableSkeleton() {
  const table = useTable({ features: trailTableFeatures, columns: useTrailColumns(), data: NO_TRAILS });
  return (
    <>
      <div className="mb-3 flex items-end gap-3">
        <Skeleton className="my-0 h-[59px] w-64" />
        <Skeleton className="my-0 h-[59px] w-40" />
      </div>
      <Card>
        <ListSkeleton table={table} rowCount={SKELETON_ROWS} />
      </Card>
    </>
  );
}
