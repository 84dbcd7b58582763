"use client";

import { parseAsBoolean, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

type DisclosureProps = {
  /** What the address calls it, which keeps it open. */
  name: string;
  summary: string;
  className?: string;
  children: ReactNode;
};

/** What most don't need, behind a line that opens it. */
export function Disclosure({ name, summary, className, children }: DisclosureProps) {
  const [isOpen, setOpen] = useQueryState(name, parseAsBoolean.withDefault(false));
  return (
    <details
      className={cn("text-sm", className)}
      open={isOpen}
      onToggle={({ currentTarget }) => void setOpen(currentTarget.open)}
    >
      <summary className="w-fit rounded-cell text-ink-2 hover:text-ink">{summary}</summary>
      {children}
    </details>
  );
}
