"use client";

import Link from "next/link";
import { useWords } from "@/components/language/language-provider.tsx";
import { redeliverWords } from "./words.ts";

/** Who has the account's slot, with a link to that job. */
export function SlotTaken({ jobId }: { jobId: number }) {
  const words = useWords(redeliverWords);
  return (
    <>
      {words.slotTakenBy}{" "}
      <Link href={`/jobs/${jobId}`} className="underline underline-offset-2 hover:text-ink">
        {words.job(jobId)}
      </Link>
    </>
  );
}
