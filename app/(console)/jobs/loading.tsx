import { JobTableSkeleton } from "@/components/history-job/job-table.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { JOBS_PURPOSE } from "./_components/words.ts";

export default function JobsLoading() {
  return (
    <>
      <PageHead title="Jobs" below={JOBS_PURPOSE} action={<Skeleton className="w-28" />} />
      <JobTableSkeleton />
    </>
  );
}
