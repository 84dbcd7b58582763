"use client";

import { FlexRender, type ReactTable, type Row, type RowData } from "@tanstack/react-table";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/class-names.ts";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { TableCell, TableRow } from "@/components/ui/table.tsx";
import { type ColumnLook, type ListFeatures, lookOf } from "./list-features.ts";

type ListCellsProps<Features extends ListFeatures, Data extends RowData> = { row: Row<Features, Data> };

type ListRowProps<Features extends ListFeatures, Data extends RowData> = ComponentProps<"tr"> &
  ListCellsProps<Features, Data>;

export function ListRow<Features extends ListFeatures, Data extends RowData>({
  row,
  ...rest
}: ListRowProps<Features, Data>) {
  return (
    <TableRow {...rest}>
      <ListCells row={row} />
    </TableRow>
  );
}

/** What a row holds, for a list that keeps its rows' elements. */
export function ListCells<Features extends ListFeatures, Data extends RowData>({
  row,
}: ListCellsProps<Features, Data>) {
  return row.getAllCells().map((cell) => (
    <TableCell key={cell.column.id} {...cellLookOf(cell.column.columnDef)}>
      <FlexRender cell={cell} />
    </TableCell>
  ));
}

export function SkeletonRow<Features extends ListFeatures, Data extends RowData>({
  table,
}: {
  table: ReactTable<Features, Data>;
}) {
  return (
    <TableRow>
      {table.getAllLeafColumns().map(({ id, columnDef }) => (
        <TableCell key={id} {...cellLookOf(columnDef)}>
          <div>
            {lookOf(columnDef).skeleton.map((width) => (
              <Skeleton key={width} className={width} />
            ))}
          </div>
        </TableCell>
      ))}
    </TableRow>
  );
}

function cellLookOf(columnDef: { header?: unknown; meta?: unknown }) {
  const { isTitle = false, className, cellClassName }: ColumnLook = lookOf(columnDef);
  return {
    className: cn(className, cellClassName),
    ...(isTitle ? {} : { label: String(columnDef.header) }),
  };
}
