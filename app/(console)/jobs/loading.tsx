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
      <PageHead title={words.title} below={words.purpose} />
      <Skeleton className="mt-0 mb-3 h-[152px] rounded-card max-lg:h-[223px] max-sm:h-[495px]" />
      <Skeleton className="mt-0 mb-2 h-8" />
      <JobTableSkeleton />
    </>
  );
}
