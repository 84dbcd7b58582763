import type { ReactNode } from "react";
import { ScrollRegion } from "./scroll-region.tsx";

/** Text in lines of its own, as it stands; what is longer than the block scrolls in it. */
export function CodeBlock({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ScrollRegion label={label} className="max-h-[70vh] bg-sunk p-2.5">
      <pre className="mono whitespace-pre-wrap [overflow-wrap:anywhere]">{children}</pre>
    </ScrollRegion>
  );
}
