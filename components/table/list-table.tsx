"use client";

import type { ReactTable, RowData } from "@tanstack/react-table";
import { cn } from "@/components/ui/class-names.ts";
import { Table, TableBody } from "@/components/ui/table.tsx";
import type { ListFeatures } from "./list-features.ts";
import { type ColumnSort, ListHead } from "./list-head.tsx";
import { ListRow, SkeletonRow } from "./list-row.tsx";

type ListTableProps<Features extends ListFeatures, Data extends RowData> = {
  table: ReactTable<Features, Data>;
  /** Columns that sort when their head is pressed. */
  sortOf?: (columnId: string) => ColumnSort | undefined;
  /** The row that is open beside the list. */
  openId?: string | null;
  /** What a row adds to its looks. */
  classNameOf?: (index: number) => string | undefined;
};

/** A list with its data. TanStack Table knows its rows and columns; this draws them, on a narrow screen as lists of facts. */
export function ListTable<Features extends ListFeatures, Data extends RowData>({
  table,
  sortOf,
  openId = null,
  classNameOf,
}: ListTableProps<Features, Data>) {
  return (
    <Table>
      <ListHead table={table} sortOf={sortOf} />
      <TableBody>
        {table.getRowModel().rows.map((row) => (
          <ListRow
            key={row.id}
            row={row}
            className={cn(row.id === openId && "bg-accent-soft", classNameOf?.(row.index))}
          />
        ))}
      </TableBody>
    </Table>
  );
}

type ListSkeletonProps<Features extends ListFeatures, Data extends RowData> = {
  /** Without rows. */
  table: ReactTable<Features, Data>;
  /** About as many as are to come, so that little moves when they do. */
  rowCount: number;
  className?: string;
};

/** The skeleton twin of every list: the columns that it will have, with bars where the values will be. */
export function ListSkeleton<Features extends ListFeatures, Data extends RowData>({
  table,
  rowCount,
  className,
}: ListSkeletonProps<Features, Data>) {
  return (
    <Table className={className}>
      <ListHead table={table} />
      <TableBody aria-hidden>
        {Array.from({ length: rowCount }, (_, index) => `row ${index}`).map((key) => (
          <SkeletonRow key={key} table={table} />
        ))}
      </TableBody>
    </Table>
  );
}
