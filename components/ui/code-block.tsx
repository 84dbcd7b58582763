import type { ReactNode } from "react";

/** Text in lines of its own, as it stands; what is longer than the block scrolls in it. */
export function CodeBlock({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
      tabIndex={0}
      className="max-h-[60vh] overflow-auto rounded-control border border-line bg-sunk p-2.5"
    >
      <pre className="mono whitespace-pre-wrap [overflow-wrap:anywhere]">{children}</pre>
    </section>
  );
}
