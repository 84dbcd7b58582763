import Link from "next/link";
import { useWords } from "@/components/language/language-provider.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { jobControlWords } from "./control-words.ts";
import type { ControlOutcome as Outcome } from "./use-job-control.ts";

/** What became of the last control, where it was asked for. An alert, because the person waits for it. */
export function ControlOutcome({ jobId, outcome }: { jobId: number; outcome: Outcome }) {
  const words = useWords(jobControlWords);
  if (outcome.kind === "unanswered") {
    return (
      <Notice look="warn" role="alert">
        {words.unanswered}
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
            {words.openJob(otherJobId)}
          </Link>
        )}
      </Notice>
    );
  }
  return null;
}
