"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Card } from "@/components/ui/card.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { JobColumns } from "./_components/job-columns.tsx";
import { jobPageWords } from "./_components/words.ts";

export default function JobLoading() {
  const words = useWords(jobPageWords);
  return (
    <>
      <PageHead
        above={words.jobs}
        title={
          <>
            <span className="sr-only">{words.loading}</span>
            <Skeleton className="h-[25px] w-40" />
          </>
        }
      />
      <JobColumns
        side={
          <Card className="grid gap-2 px-[18px] py-4">
            <Skeleton className="w-24" />
            <Skeleton className="w-full" />
            <Skeleton className="w-full" />
            <Skeleton className="w-2/3" />
          </Card>
        }
      >
        <Card className="h-[79px] px-[18px] py-4">
          <Skeleton className="w-20" />
          <Skeleton className="h-5 w-72 max-w-full" />
        </Card>
        <Card className="h-52 px-[18px] py-4">
          <Skeleton className="w-40" />
        </Card>
      </JobColumns>
    </>
  );
}
