import type { ReactNode } from "react";

/** One thing to do, with what it means. */
export function Deed({ why, children }: { why: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 border-t border-line pt-3">
      <p className="min-w-0 flex-1 basis-60 text-sm text-ink-2">{why}</p>
      {children}
    </div>
  );
}
