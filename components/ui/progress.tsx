"use client";

import { Progress as Primitive } from "radix-ui";
import { wholePercentOf } from "@/components/language/counts.ts";
import { cn } from "./class-names.ts";

type ProgressProps = {
  /** 0 to 1. */
  share: number;
  look: "run" | "ok" | "warn" | "bad" | "still";
  label: string;
  className?: string;
};

const FILLS = { run: "bg-run", ok: "bg-ok", warn: "bg-warn", bad: "bg-bad", still: "bg-ink-3" };

/** How far something is. The number stands in words beside it; the bar alone says nothing that they don't. */
export function Progress({ share, look, label, className }: ProgressProps) {
  return (
    <Primitive.Root
      aria-label={label}
      value={wholePercentOf(share)}
      className={cn("h-2 overflow-hidden rounded-[4px] border border-line bg-sunk", className)}
    >
      <Primitive.Indicator
        className={cn("h-full origin-left motion-safe:transition-transform motion-safe:duration-150", FILLS[look])}
        style={{ transform: `scaleX(${share})` }}
      />
    </Primitive.Root>
  );
}
