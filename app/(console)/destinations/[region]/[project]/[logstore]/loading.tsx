import { Skeleton } from "@/components/ui/skeleton.tsx";
import { LogTableSkeleton } from "./_components/log-table.tsx";

export default function LogstoreLoading() {
  return (
    <>
      <Skeleton className="w-56" />
      <Skeleton className="mt-2 h-6 w-72 max-w-full" />
      <Skeleton className="my-4 h-[120px]" />
      <LogTableSkeleton />
    </>
  );
}
