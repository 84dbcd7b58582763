import type { ReactNode } from "react";
import { Brand } from "@/components/ui/brand.tsx";

type EntranceProps = { title: string; why: ReactNode; below?: ReactNode; children?: ReactNode };

/** The frame of pages for who is not signed in: one card, one thing to do. */
export function Entrance({ title, why, below, children }: EntranceProps) {
  return (
    <main className="mx-auto grid max-w-[372px] gap-5 px-4 pt-[14vh] pb-12">
      <Brand />
      <section className="rounded-card border border-line bg-card px-[22px] py-5">
        <h1 className="text-xl font-[640] tracking-[-0.015em]">{title}</h1>
        <div className="mt-1 text-ink-2 [overflow-wrap:anywhere]">{why}</div>
        {children !== undefined && <div className="mt-4">{children}</div>}
      </section>
      {below !== undefined && <div className="text-sm text-ink-3">{below}</div>}
    </main>
  );
}
