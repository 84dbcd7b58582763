import type { ReactNode } from "react";

type StatePanelProps = {
  title: string;
  /** Nothing else is on the page, so that its title is the page's own. */
  isPage?: boolean;
  children: ReactNode;
  /** The one next step. */
  action?: ReactNode;
};

/** Stands where data would be: nothing there yet, not found, or failed. Says what it means and the one next step. */
export function StatePanel({ title, isPage = false, children, action }: StatePanelProps) {
  const Title = isPage ? "h1" : "h2";
  return (
    <div className="rounded-card border border-line bg-card px-[18px] py-8">
      <Title className="text-[14px] font-[640]">{title}</Title>
      <div className="mt-1 max-w-[62ch] text-ink-2">{children}</div>
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  );
}
