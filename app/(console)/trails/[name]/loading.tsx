"use client";

import { trailsWords } from "@/app/(console)/trails/_components/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Card } from "@/components/ui/card.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { trailWords } from "./_components/words.ts";

const GROUPS = ["selects", "recording", "delivers"];

export default function TrailLoading() {
  return (
    <>
      <PageHead
        above={useWords(trailsWords).title}
        title={
          <>
            <span className="sr-only">{useWords(trailWords).loading}</span>
            <Skeleton className="h-[25px] w-56" />
          </>
        }
      />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {GROUPS.map((group) => (
          <Card key={group} className="h-44 px-[18px] py-4">
            <Skeleton className="w-24" />
            <Skeleton className="w-full" />
            <Skeleton className="w-2/3" />
          </Card>
        ))}
      </div>
    </>
  );
}
