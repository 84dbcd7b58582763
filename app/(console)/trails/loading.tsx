"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { TrailTableSkeleton } from "./_components/trail-table.tsx";
import { trailsWords } from "./_components/words.ts";

export default function TrailsLoading() {
  const words = useWords(trailsWords);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <TrailTableSkeleton />
    </>
  );
}
