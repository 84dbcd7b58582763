import { cn } from "./class-names.ts";

/** The product's mark and name. */
export function Brand({ className }: { className?: string }) {
  return (
    <div className={cn("flex items-center gap-2 text-[15px] font-[650] tracking-[-0.01em]", className)}>
      <svg
        aria-hidden
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        className="size-5 text-accent"
      >
        <path d="M4 15.5c5 0 3-6 7-6s4.5 2.6 4.5 0S12 4.5 8 4.5" />
        <path d="m10.2 2-2.7 2.5 2.7 2.5" />
        <circle cx="4" cy="15.5" r="1.1" fill="currentColor" />
      </svg>
      Backtrail
    </div>
  );
}
