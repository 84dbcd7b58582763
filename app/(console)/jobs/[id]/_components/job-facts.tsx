import Link from "next/link";
import { ClientToken } from "@/components/history-job/client-token.tsx";
import { LogstoreName } from "@/components/trail/logstore-name.tsx";
import { Regions } from "@/components/trail/regions.tsx";
import { eventRWInWords } from "@/components/trail/trail-words.ts";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { inBytes, inGroups } from "@/components/ui/count.ts";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { windowInWords } from "@/components/ui/time.ts";
import type { DeliverySliceDto, HistoryJobDto, WindowRequest } from "@/domain/history-job/schema.ts";

const WINDOW_WORDS: Readonly<Record<WindowRequest["kind"], string>> = {
  default: "Last 90 days",
  "until-effect": "Until the trail took effect",
  own: "Own window",
  "missing-of": "What another job left missing",
};

type JobFactsProps = { job: HistoryJobDto; slices: readonly DeliverySliceDto[]; now: string };

/** What was asked for, by whom, and what it came to. */
export function JobFacts({ job, slices, now }: JobFactsProps) {
  const batchCount = slices.reduce((sum, slice) => sum + slice.batches, 0);
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
          <div className="text-xs text-ink-3">{eventRWInWords(job.eventRW)}</div>
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
          {inGroups(batchCount)} sent, {inBytes(job.bytes)}
        </Fact>
      </Facts>
    </Card>
  );
}
