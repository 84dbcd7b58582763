import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

type ScrollRegionProps = { label: string; className: string; children: ReactNode };

/** Scrolls in itself and has nothing inside that takes the focus, so it takes it: else the keyboard could not scroll it (WCAG 2.1.1). */
export function ScrollRegion({ label, className, children }: ScrollRegionProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard, and axe asks for it.
      tabIndex={0}
      className={cn("overflow-auto rounded-control border border-line", className)}
    >
      {children}
    </section>
  );
}
