"use client";

import Link from "next/link";
import { redeliverWords } from "@/app/(console)/trails/_components/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { CommandOutcome } from "./use-trail-command.ts";
import { manageWords } from "./words.ts";

/** What became of the last try, in words; nothing while it is on its way. */
export function CommandNotice({ outcome }: { outcome: CommandOutcome }) {
  const words = useWords(manageWords);
  const { openJob } = useWords(redeliverWords);
  switch (outcome.kind) {
    case "none":
    case "sending":
      return null;
    case "unanswered":
      return (
        <Notice look="warn" role="alert">
          {words.unanswered}
        </Notice>
      );
    case "refused":
      return (
        <Notice look="bad" role="alert">
          {outcome.error.message}{" "}
          {outcome.error.jobId !== undefined && (
            <Link href={`/jobs/${outcome.error.jobId}`} className="font-[550] underline underline-offset-2">
              {openJob(outcome.error.jobId)}
            </Link>
          )}
        </Notice>
      );
  }
}
