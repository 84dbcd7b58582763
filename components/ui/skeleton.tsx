import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";

/** Holds the place of text that is on its way, as tall as a line of it. */
export function Skeleton({ className, ...rest }: ComponentProps<"span">) {
  return (
    <span aria-hidden data-slot="skeleton" className={cn("my-1 block h-3 rounded-cell bg-sunk", className)} {...rest} />
  );
}
