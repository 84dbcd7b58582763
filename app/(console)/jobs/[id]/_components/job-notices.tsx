"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { JobFailure } from "@/components/history-job/job-failure.tsx";
import { SinkTrouble } from "@/components/history-job/sink-trouble-notice.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { ToldTime } from "@/components/ui/told-time.tsx";
import type { HistoryJobDetailDto } from "@/domain/history-job/schema.ts";
import { noticesOf } from "./notices.ts";
import { jobPageWords } from "./words.ts";

type JobNoticesProps = {
  detail: Pick<HistoryJobDetailDto, "job" | "sinkTrouble" | "now">;
  /** When this device got it, in milliseconds. */
  updatedAt: number;
};

/** What a person should know before the numbers: why nothing moves, why it ended, what it is no more. */
export function JobNotices({ detail: { job, sinkTrouble, now }, updatedAt }: JobNoticesProps) {
  const words = useWords(jobPageWords);
  const [before, name, after] = words.missingOf(job.missingOf ?? 0);
  return (
    <>
      {sinkTrouble !== null && <SinkTrouble trouble={sinkTrouble} now={now} updatedAt={updatedAt} />}
      {job.failure !== null && <JobFailure phase={job.phase} failure={job.failure} />}
      {noticesOf(job, now, words).map(({ look, sentence, at }) => (
        <NoticeLine key={sentence} look={look}>
          <ToldTime at={at}>{sentence}</ToldTime>
        </NoticeLine>
      ))}
      {job.missingOf !== null && (
        <NoticeLine look="plain">
          {before}
          <Link href={`/jobs/${job.missingOf}`} className="underline underline-offset-2">
            {name}
          </Link>
          {after}
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
