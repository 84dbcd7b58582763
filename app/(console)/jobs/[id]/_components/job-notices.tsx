import Link from "next/link";
import type { ReactNode } from "react";
import { JobFailure } from "@/components/history-job/job-failure.tsx";
import { SinkTrouble } from "@/components/history-job/sink-trouble-notice.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { HistoryJobDetailDto } from "@/domain/history-job/schema.ts";
import { noticesOf } from "./notices.ts";

type JobNoticesProps = {
  detail: Pick<HistoryJobDetailDto, "job" | "sinkTrouble" | "now">;
  /** When this device got it, in milliseconds. */
  updatedAt: number;
};

/** What a person should know before the numbers: why nothing moves, why it ended, what it is no more. */
export function JobNotices({ detail: { job, sinkTrouble, now }, updatedAt }: JobNoticesProps) {
  return (
    <>
      {sinkTrouble !== null && <SinkTrouble trouble={sinkTrouble} now={now} updatedAt={updatedAt} />}
      {job.failure !== null && <JobFailure phase={job.phase} failure={job.failure} />}
      {noticesOf(job, now).map(({ look, words }) => (
        <NoticeLine key={words} look={look}>
          {words}
        </NoticeLine>
      ))}
      {job.missingOf !== null && (
        <NoticeLine look="plain">
          Sends again only what{" "}
          <Link href={`/jobs/${job.missingOf}`} className="underline underline-offset-2">
            job {job.missingOf}
          </Link>{" "}
          left missing in the logstore.
        </NoticeLine>
      )}
    </>
  );
}

function NoticeLine({ look, children }: { look: "plain" | "warn"; children: ReactNode }) {
  return (
    <Notice look={look} className="px-3.5 py-2.5">
      {children}
    </Notice>
  );
}
