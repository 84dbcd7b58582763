import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";

/** One of many, in the browser's own list: it knows keys, search by typing and small screens. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return (
    <select
      className={cn(
        "h-9 w-full min-w-0 rounded-control border border-line-strong bg-card px-2 text-ink aria-invalid:border-bad max-sm:h-10",
        className,
      )}
      {...rest}
    />
  );
}
