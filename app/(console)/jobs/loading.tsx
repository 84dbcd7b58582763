"use client";

import { JobTableSkeleton } from "@/components/history-job/job-table.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { jobsWords } from "./_components/words.ts";

export default function JobsLoading() {
  const words = useWords(jobsWords);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} action={<Skeleton className="w-28" />} />
      <JobTableSkeleton />
    </>
  );
}
