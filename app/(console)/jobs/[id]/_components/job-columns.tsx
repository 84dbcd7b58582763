import type { ReactNode } from "react";

/** What happens on the left, what the job is on the right; one below the other where it is narrow. */
export function JobColumns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px] print:block">
      <div className="grid min-w-0 gap-4 print:mb-4">{children}</div>
      {side}
    </div>
  );
}
