"use client";

import type { ReactTable, RowData } from "@tanstack/react-table";
import { cn } from "@/components/ui/class-names.ts";
import { TableHead, TableHeader } from "@/components/ui/table.tsx";
import { type ListFeatures, lookOf } from "./list-features.ts";

/** How a list stands by a column, and what pressing its head does. */
export type ColumnSort = {
  /** false where the list does not stand by it. */
  readonly sorted: false | "asc" | "desc";
  readonly onSort: () => void;
  /** What pressing leads to, on hover. */
  readonly hint?: string;
};

type ListHeadProps<Features extends ListFeatures, Data extends RowData> = {
  table: ReactTable<Features, Data>;
  sortOf?: ((columnId: string) => ColumnSort | undefined) | undefined;
};

export function ListHead<Features extends ListFeatures, Data extends RowData>({
  table,
  sortOf,
}: ListHeadProps<Features, Data>) {
  return (
    <TableHead>
      {table.getHeaderGroups().map((group) => (
        <tr key={group.id} aria-rowindex={1}>
          {group.headers.map(({ column }) => {
            const { className, headClassName, isHeadHidden = false } = lookOf(column.columnDef);
            const name = String(column.columnDef.header);
            const sort = sortOf?.(column.id);
            return (
              <TableHeader
                key={column.id}
                className={cn(className, headClassName)}
                aria-sort={sort === undefined ? undefined : ARIA_SORT[sort.sorted || "none"]}
              >
                {sort === undefined ? (
                  <span className={isHeadHidden ? "sr-only" : undefined}>{name}</span>
                ) : (
                  <SortButton {...sort} name={name} />
                )}
              </TableHeader>
            );
          })}
        </tr>
      ))}
    </TableHead>
  );
}

const ARIA_SORT = { asc: "ascending", desc: "descending", none: "none" } as const;
const ARROWS = { asc: "↑", desc: "↓", none: "↕" };

/** A column's name that sorts by it when pressed. Where there is no room for columns it is a name only. */
function SortButton({ sorted, onSort, hint, name }: ColumnSort & { name: string }) {
  return (
    <>
      <button
        type="button"
        onClick={onSort}
        title={hint}
        className="inline-flex items-baseline gap-1 rounded-cell underline-offset-2 hover:text-ink hover:underline max-lg:hidden"
      >
        {name}
        <span aria-hidden className="w-2.5 text-left">
          {ARROWS[sorted || "none"]}
        </span>
      </button>
      <span className="lg:hidden">{name}</span>
    </>
  );
}
