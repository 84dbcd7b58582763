"use client";

import Link from "next/link";
import { useWords } from "@/components/language/language-provider.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { RedeliveryOutcome } from "./use-redelivery.ts";
import { redeliverWords } from "./words.ts";

type RedeliverOutcomeProps = {
  outcome: RedeliveryOutcome;
  /** The token was sent before, by this tab, and no answer came. */
  wasUnanswered: boolean;
};

/** What became of the last try, in words. An alert, because the person waits for it. */
export function RedeliverOutcome({ outcome, wasUnanswered }: RedeliverOutcomeProps) {
  const words = useWords(redeliverWords);
  switch (outcome.kind) {
    case "none":
      return wasUnanswered ? <Notice look="warn">{words.wasUnanswered}</Notice> : null;
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
              {words.openJob(outcome.error.jobId)}
            </Link>
          )}
        </Notice>
      );
    case "repeated":
      return (
        <Notice role="alert">
          {words.alreadyStarted}{" "}
          <Link href={`/jobs/${outcome.jobId}`} className="font-[550] text-ink underline underline-offset-2">
            {words.job(outcome.jobId)}
          </Link>
          {words.alreadyStartedEnd}
        </Notice>
      );
  }
}
