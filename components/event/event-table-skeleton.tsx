import { Skeleton } from "@/components/ui/skeleton.tsx";

const ROWS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** The place of a list of events that is on its way. */
export function EventTableSkeleton() {
  return (
    <div aria-hidden className="rounded-card border border-line bg-card">
      <div className="h-[38px] border-line border-b px-3.5 py-2.5">
        <Skeleton className="w-40" />
      </div>
      {ROWS.map((row) => (
        <div
          key={row}
          className="flex h-[41px] items-center gap-6 border-line border-b px-3.5 last:border-b-0 max-sm:h-40 max-sm:flex-col max-sm:items-start max-sm:justify-center max-sm:gap-1"
        >
          <Skeleton className="w-36" />
          <Skeleton className="w-56 max-sm:w-40" />
          <Skeleton className="w-28" />
          <Skeleton className="w-48 max-sm:w-32" />
        </div>
      ))}
    </div>
  );
}
