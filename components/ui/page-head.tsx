import type { ReactNode } from "react";

type PageHeadProps = { title: ReactNode; above?: ReactNode; below?: ReactNode; action?: ReactNode };

/** A page's title with where it stands above, what it is for below, and what can be done beside it. */
export function PageHead({ title, above, below, action }: PageHeadProps) {
  return (
    <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3">
      <div className="min-w-0">
        {above !== undefined && <p className="mb-0.5 text-ink-3">{above}</p>}
        {/* Takes the focus of what is gone (focus-back.ts). */}
        <h1
          tabIndex={-1}
          className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xl font-[640] tracking-[-0.015em] break-words"
        >
          {title}
        </h1>
        {below !== undefined && below !== false && <p className="mt-1 text-ink-2">{below}</p>}
      </div>
      {action !== undefined && <div className="ml-auto max-sm:ml-0">{action}</div>}
    </div>
  );
}
