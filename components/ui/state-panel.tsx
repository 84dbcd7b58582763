import type { ReactNode } from "react";

type StatePanelProps = {
  title: string;
  children: ReactNode;
  /** The one next step. */
  action?: ReactNode;
};

/** Stands where data would be: nothing there yet, not found, or failed. Says what it means and the one next step. */
export function StatePanel({ title, children, action }: StatePanelProps) {
  return (
    <div className="rounded-card border border-line bg-card px-[18px] py-8">
      <h2 className="text-[14px] font-[640]">{title}</h2>
      <div className="mt-1 max-w-[62ch] text-ink-2">{children}</div>
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  );
}
