"use client";

import { Checkbox as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";

/** One of several that may be ticked; it stands in a label, which names it. */
export function Checkbox({ className, ...rest }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      className={cn(
        "grid size-4 shrink-0 place-items-center rounded-[3px] border border-ink-3 bg-card text-accent-ink data-[state=checked]:border-accent data-[state=checked]:bg-accent",
        className,
      )}
      {...rest}
    >
      <Primitive.Indicator>
        <svg aria-hidden viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="2.4" className="size-3">
          <path d="m3 8.4 3.4 3.4L13 4.8" />
        </svg>
      </Primitive.Indicator>
    </Primitive.Root>
  );
}
