"use client";

import Link from "next/link";
import { ClientToken } from "@/components/history-job/client-token.tsx";
import { logTimeInWords } from "@/components/history-job/job-words.ts";
import { rateInWords } from "@/components/history-job/pace.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { EventRW } from "@/components/trail/event-rw.tsx";
import { LogstoreName } from "@/components/trail/logstore-name.tsx";
import { Regions } from "@/components/trail/regions.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { jobPageWords } from "./words.ts";

type JobFactsProps = { job: HistoryJobDto; now: string };

/** What was asked for, by whom, and what it came to. */
export function JobFacts({ job, now }: JobFactsProps) {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const { count, window } = useFormats();
  return (
    <Card className="px-[18px] py-4">
      <CardTitle>{words.thisJob}</CardTitle>
      <Facts>
        <Fact name={jobWords.trail}>
          <Link href={`/trails/${job.trailName}`} className="underline underline-offset-2">
            {job.trailName}
          </Link>
        </Fact>
        <Fact name={words.window}>
          {window(job.windowFrom, job.windowTo)}
          <div className="text-xs text-ink-3">{words.windows[job.window.kind]}</div>
        </Fact>
        <Fact name={words.selects}>
          <Regions trailRegion={job.trailRegion} />
          <div className="text-xs text-ink-3">
            <EventRW eventRW={job.eventRW} />
          </div>
        </Fact>
        <Fact name={words.to}>
          <LogstoreName projectName={job.projectName} logstoreName={job.logstoreName} />
          <div className="text-xs text-ink-3">{job.projectRegion}</div>
        </Fact>
        <Fact name={words.started}>
          <Instant at={job.createdAt} now={now} shown="absolute" /> {words.startedBy(job.createdBy)}
        </Fact>
        {job.createdFrom !== null && <Fact name={words.from}>{job.createdFrom}</Fact>}
        {job.endedAt !== null && (
          <Fact name={words.ended}>
            <Instant at={job.endedAt} now={now} shown="absolute" />
            <Took job={job} />
          </Fact>
        )}
        {job.run > 1 && <Fact name={words.run}>{words.runAgain(job.run)}</Fact>}
        {job.endedAt === null && (
          <Fact name={words.lastAnswer}>
            {job.acknowledgedAt === null ? (
              words.noAnswerYet
            ) : (
              <Instant at={job.acknowledgedAt} now={now} shown="relative" />
            )}
          </Fact>
        )}
        {job.reason !== null && job.reason !== "" && <Fact name={words.reason}>{job.reason}</Fact>}
        <Fact name={jobWords.clientToken}>
          <ClientToken clientToken={job.clientToken} />
        </Fact>
        <Fact name={words.newToSink}>{count(job.newAtSink)}</Fact>
        <Fact name={words.presentInSink}>{count(job.presentAtSink)}</Fact>
        <Fact name={words.batches}>{words.batchesSent(job.batches, job.resent, job.bytes)}</Fact>
        <Fact name={words.logTime}>{logTimeInWords(job, jobWords)}</Fact>
      </Facts>
    </Card>
  );
}

/** How long the last run took, and how fast it was. */
function Took({ job: { startedAt, endedAt, eventsPerSecond } }: { job: HistoryJobDto }) {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  if (startedAt === null || endedAt === null) {
    return null;
  }
  const took = words.took(Date.parse(endedAt) - Date.parse(startedAt));
  return (
    <div className="text-xs text-ink-3">
      {jobWords.listed([took, rateInWords(eventsPerSecond, jobWords)].filter((part) => part !== null))}
    </div>
  );
}
