import Link from "next/link";
import { Notice } from "@/components/ui/notice.tsx";
import type { ControlOutcome as Outcome } from "./use-job-control.ts";

/** What became of the last control, where it was asked for. An alert, because the person waits for it. */
export function ControlOutcome({ jobId, outcome }: { jobId: number; outcome: Outcome }) {
  if (outcome.kind === "unanswered") {
    return (
      <Notice look="warn" role="alert">
        No answer came back, so it is not known whether this was done. Try again: doing it twice is the same as once.
      </Notice>
    );
  }
  if (outcome.kind === "refused") {
    const { message, jobId: otherJobId = jobId } = outcome.error;
    return (
      <Notice look="bad" role="alert">
        {message}{" "}
        {otherJobId !== jobId && (
          <Link href={`/jobs/${otherJobId}`} className="font-[550] underline underline-offset-2">
            Open job {otherJobId}
          </Link>
        )}
      </Notice>
    );
  }
  return null;
}
