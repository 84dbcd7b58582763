import Link from "next/link";
import { ClientToken } from "@/components/history-job/client-token.tsx";
import { logTimeInWords } from "@/components/history-job/job-words.ts";
import { rateInWords } from "@/components/history-job/pace.ts";
import { countOf, inBytes, inGroups } from "@/components/language/counts.ts";
import { durationInWords, windowInWords } from "@/components/language/times.ts";
import { EventRW } from "@/components/trail/event-rw.tsx";
import { LogstoreName } from "@/components/trail/logstore-name.tsx";
import { Regions } from "@/components/trail/regions.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import type { HistoryJobDto, WindowRequest } from "@/domain/history-job/schema.ts";

const WINDOW_WORDS: Readonly<Record<WindowRequest["kind"], string>> = {
  default: "Last 90 days",
  "until-effect": "Until the trail took effect",
  own: "Own window",
  "missing-of": "What another job left missing",
};

type JobFactsProps = { job: HistoryJobDto; now: string };

/** What was asked for, by whom, and what it came to. */
export function JobFacts({ job, now }: JobFactsProps) {
  return (
    <Card className="px-[18px] py-4">
      <CardTitle>This job</CardTitle>
      <Facts>
        <Fact name="Trail">
          <Link href={`/trails/${job.trailName}`} className="underline underline-offset-2">
            {job.trailName}
          </Link>
        </Fact>
        <Fact name="Window">
          {windowInWords(job.windowFrom, job.windowTo)}
          <div className="text-xs text-ink-3">{WINDOW_WORDS[job.window.kind]}</div>
        </Fact>
        <Fact name="Selects">
          <Regions trailRegion={job.trailRegion} />
          <div className="text-xs text-ink-3">
            <EventRW eventRW={job.eventRW} />
          </div>
        </Fact>
        <Fact name="To">
          <LogstoreName projectName={job.projectName} logstoreName={job.logstoreName} />
          <div className="text-xs text-ink-3">{job.projectRegion}</div>
        </Fact>
        <Fact name="Started">
          <Instant at={job.createdAt} now={now} shown="absolute" /> by {job.createdBy}
        </Fact>
        {job.createdFrom !== null && <Fact name="From">{job.createdFrom}</Fact>}
        {job.endedAt !== null && (
          <Fact name="Ended">
            <Instant at={job.endedAt} now={now} shown="absolute" />
            <Took job={job} />
          </Fact>
        )}
        {job.run > 1 && (
          <Fact name="Run">
            {inGroups(job.run)}, taken up again {countOf(job.run - 1, "time", "times")}
          </Fact>
        )}
        {job.endedAt === null && job.acknowledgedAt !== null && (
          <Fact name="Last answer">
            <Instant at={job.acknowledgedAt} now={now} shown="relative" />
          </Fact>
        )}
        {job.reason !== null && job.reason !== "" && <Fact name="Reason">{job.reason}</Fact>}
        <Fact name="Client token">
          <ClientToken clientToken={job.clientToken} />
        </Fact>
        <Fact name="New to it">{inGroups(job.newAtSink)}</Fact>
        <Fact name="Already in the logstore">{inGroups(job.presentAtSink)}</Fact>
        <Fact name="Batches">
          {inGroups(job.batches)} sent, {inGroups(job.resent)} sent again, {inBytes(job.bytes)}
        </Fact>
        <Fact name="Log time">{logTimeInWords(job)}</Fact>
      </Facts>
    </Card>
  );
}

/** How long the last run took, and how fast it was. */
function Took({ job: { startedAt, endedAt, eventsPerSecond } }: { job: HistoryJobDto }) {
  if (startedAt === null || endedAt === null) {
    return null;
  }
  const took = `took ${durationInWords(Date.parse(endedAt) - Date.parse(startedAt))}`;
  return (
    <div className="text-xs text-ink-3">
      {[took, rateInWords(eventsPerSecond)].filter((part) => part !== null).join(", ")}
    </div>
  );
}
