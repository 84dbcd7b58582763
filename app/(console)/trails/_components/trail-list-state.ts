import type { ColumnFiltersState, SortingState } from "@tanstack/react-table";
import { parseAsString, parseAsStringLiteral } from "nuqs";
import { TRAIL_STATUSES, type TrailStatus } from "@/domain/trail/trail.ts";

/** What the list can stand in the order of; the later first where that is what people look for. */
export const TRAIL_SORTS = ["trail", "-trail", "status", "-status", "-lastJob", "lastJob"] as const;
export type TrailSort = (typeof TRAIL_SORTS)[number];

/** Filters and order of the list, in the address. Without an order it is the server's: home region and name. */
export const trailListLink = {
  find: parseAsString.withDefault(""),
  status: parseAsStringLiteral(TRAIL_STATUSES),
  sort: parseAsStringLiteral(TRAIL_SORTS),
};

/** The address's order as the table keeps it. */
export function sortingOf(sort: TrailSort | null): SortingState {
  return sort === null ? [] : [{ id: sort.replace("-", ""), desc: sort.startsWith("-") }];
}

/** The table's order as the address keeps it. */
export function sortOf([first]: SortingState): TrailSort | null {
  const text = first === undefined ? "" : `${first.desc ? "-" : ""}${first.id}`;
  return TRAIL_SORTS.find((sort) => sort === text) ?? null;
}

/** The address's filters as the table keeps them. */
export function filtersOf(find: string, status: TrailStatus | null): ColumnFiltersState {
  const text = find.trim();
  return [
    ...(text === "" ? [] : [{ id: "trail", value: text }]),
    ...(status === null ? [] : [{ id: "status", value: status }]),
  ];
}
