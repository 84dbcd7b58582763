"use client";

import { jobsWords } from "@/app/(console)/jobs/_components/words.ts";
import { JobTableSkeleton } from "@/components/history-job/job-table.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";

/** In a folder with its page: beside the list, the page of each job would load it, too, and never show it. */
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
