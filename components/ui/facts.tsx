import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

/** Names and values, aligned in two columns. */
export function Facts({ children, className }: { children: ReactNode; className?: string }) {
  return <dl className={cn("grid grid-cols-[112px_1fr] items-baseline gap-x-3 gap-y-[7px]", className)}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
