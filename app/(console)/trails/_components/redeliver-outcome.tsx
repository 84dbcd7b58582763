import Link from "next/link";
import { Notice } from "@/components/ui/notice.tsx";
import type { RedeliveryOutcome } from "./use-redelivery.ts";

type RedeliverOutcomeProps = {
  outcome: RedeliveryOutcome;
  /** The token was sent before, by this tab, and no answer came. */
  wasUnanswered: boolean;
};

/** What became of the last try, in words. An alert, because the person waits for it. */
export function RedeliverOutcome({ outcome, wasUnanswered }: RedeliverOutcomeProps) {
  switch (outcome.kind) {
    case "none":
      return wasUnanswered ? (
        <Notice look="warn">
          The last try with this token got no answer. Start again to learn what became of it: the same token can't start
          a second job.
        </Notice>
      ) : null;
    case "sending":
      return null;
    case "unanswered":
      return (
        <Notice look="warn" role="alert">
          No answer came back, so it is not known whether the job was started. Try again: it sends the same token, which
          can't start a second job.
        </Notice>
      );
    case "refused":
      return (
        <Notice look="bad" role="alert">
          {outcome.error.message}{" "}
          {outcome.error.jobId !== undefined && (
            <Link href={`/jobs/${outcome.error.jobId}`} className="font-[550] underline underline-offset-2">
              Open job {outcome.error.jobId}
            </Link>
          )}
        </Notice>
      );
    case "repeated":
      return (
        <Notice role="alert">
          This token already started{" "}
          <Link href={`/jobs/${outcome.jobId}`} className="font-[550] text-ink underline underline-offset-2">
            job {outcome.jobId}
          </Link>
          . No second one was started.
        </Notice>
      );
  }
}
