import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

/** Shapes that tell states apart without their colour. */
const SHAPES = {
  check: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.2 8.2 2 2 3.8-4.2" />
    </>
  ),
  turning: (
    <>
      <path d="M8 1.8a6.2 6.2 0 1 1-6.2 6.2" />
      <path d="M5.6 8h4.8M8.4 5.8 10.6 8l-2.2 2.2" />
    </>
  ),
  waiting: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 4.6V8l2.4 1.6" />
    </>
  ),
  dashed: <circle cx="8" cy="8" r="6.2" strokeDasharray="2.6 2.2" />,
  paused: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M6.4 5.6v4.8M9.6 5.6v4.8" />
    </>
  ),
  warning: (
    <>
      <path d="M8 2.2 14.2 13H1.8L8 2.2Z" strokeLinejoin="round" />
      <path d="M8 6.4v3.2M8 11.2v.2" />
    </>
  ),
  cross: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4" />
    </>
  ),
  stopped: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M4 12 12 4" />
    </>
  ),
} satisfies Record<string, ReactNode>;

const TONES = { ok: "text-ok", run: "text-run", warn: "text-warn", bad: "text-bad", still: "text-ink-2" };

export type MarkShape = keyof typeof SHAPES;
export type MarkTone = keyof typeof TONES;

type StateMarkProps = { shape: MarkShape; tone: MarkTone; children: ReactNode; className?: string };

/** A state as word and mark together; neither its colour nor its shape stands alone. */
export function StateMark({ shape, tone, children, className }: StateMarkProps) {
  return (
    <span
      className={cn("inline-flex items-center gap-1.5 text-sm font-[550] whitespace-nowrap", TONES[tone], className)}
    >
      <svg
        aria-hidden
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        className="size-[13px] shrink-0"
      >
        {SHAPES[shape]}
      </svg>
      {children}
    </span>
  );
}
