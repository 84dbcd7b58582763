"use client";

import { TrailTableSkeleton } from "@/app/(console)/trails/_components/trail-table.tsx";
import { trailsWords } from "@/app/(console)/trails/_components/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";

/** In a folder with its page: beside the list, the page of each trail would load it, too, and never show it. */
export default function TrailsLoading() {
  const words = useWords(trailsWords);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <TrailTableSkeleton />
    </>
  );
}
