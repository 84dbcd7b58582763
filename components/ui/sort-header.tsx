"use client";

import type { ReactNode } from "react";
import { TableHeader } from "./table.tsx";

type SortHeaderProps = {
  /** How the rows stand by this column; false where they don't. */
  sorted: false | "asc" | "desc";
  onSort: () => void;
  children: ReactNode;
};

const ARROWS = { asc: "↑", desc: "↓" };
const ARIA_SORT = { asc: "ascending", desc: "descending" } as const;

/** A column's name that sorts by it when pressed. Where there is no room for columns it is a name only. */
export function SortHeader({ sorted, onSort, children }: SortHeaderProps) {
  return (
    <TableHeader aria-sort={sorted === false ? undefined : ARIA_SORT[sorted]}>
      <button
        type="button"
        onClick={onSort}
        className="inline-flex items-baseline gap-1 rounded-cell underline-offset-2 hover:text-ink hover:underline max-sm:hidden"
      >
        {children}
        <span aria-hidden className="w-2.5 text-left">
          {sorted !== false && ARROWS[sorted]}
        </span>
      </button>
      <span className="sm:hidden">{children}</span>
    </TableHeader>
  );
}
