import type { ReactNode } from "react";
import { getWords } from "@/app/_request/preferences.ts";
import { EventRW } from "@/components/trail/event-rw.tsx";
import { LogstoreName } from "@/components/trail/logstore-name.tsx";
import { Regions } from "@/components/trail/regions.tsx";
import { TrailStatusMark } from "@/components/trail/trail-status-mark.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { trailWords } from "./words.ts";

type TrailFactsProps = { trail: TrailDto; now: string };

/** Everything that DescribeTrails returns, in groups; what a trail does not have is left out. */
export async function TrailFacts({ trail, now }: TrailFactsProps) {
  const words = await getWords(trailWords);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Group title={words.selects}>
        <Fact name={words.regions}>
          <Regions trailRegion={trail.trailRegion} />
        </Fact>
        <Fact name={words.events}>
          <EventRW eventRW={trail.eventRW} />
        </Fact>
        <Fact name={words.covers}>
          {trail.isOrganizationTrail ? words.organization : words.thisAccount}
          {trail.organizationId !== null && <div className="mono text-ink-3">{trail.organizationId}</div>}
        </Fact>
        <Fact name={words.homeRegion}>{trail.homeRegion}</Fact>
        <Fact name={words.trailArn}>
          <Arn arn={trail.trailArn} label={words.copyTrailArn} />
        </Fact>
      </Group>
      <Group title={words.recording}>
        <Fact name={words.status}>
          <TrailStatusMark status={trail.status} />
        </Fact>
        <Moment name={words.tookEffect} at={trail.startLoggingTime} now={now} absent={words.never} />
        <Moment name={words.lastStopped} at={trail.stopLoggingTime} now={now} absent={words.never} />
        <Moment name={words.created} at={trail.createdAt} now={now} absent={words.unknown} />
        <Moment name={words.changed} at={trail.updatedAt} now={now} absent={words.never} />
      </Group>
      {trail.slsProjectArn !== null && (
        <Group title={words.toLogService}>
          {trail.logstore !== null && (
            <>
              <Fact name={words.logstore}>
                <LogstoreName {...trail.logstore} />
              </Fact>
              <Fact name={words.region}>{trail.logstore.projectRegion}</Fact>
            </>
          )}
          <Fact name={words.projectArn}>
            <Arn arn={trail.slsProjectArn} label={words.copyProjectArn} />
          </Fact>
          <Role arn={trail.slsWriteRoleArn} words={words} />
        </Group>
      )}
      {trail.ossBucketName !== null && (
        <Group title={words.toOss}>
          <Fact name={words.bucket}>
            <span className="mono">{trail.ossBucketName}</span>
          </Fact>
          {trail.ossBucketLocation !== null && <Fact name={words.location}>{trail.ossBucketLocation}</Fact>}
          {trail.ossKeyPrefix !== null && (
            <Fact name={words.keyPrefix}>
              <span className="mono">{trail.ossKeyPrefix}</span>
            </Fact>
          )}
          <Role arn={trail.ossWriteRoleArn} words={words} />
        </Group>
      )}
      {trail.maxComputeProjectArn !== null && (
        <Group title={words.toMaxCompute}>
          <Fact name={words.projectArn}>
            <Arn arn={trail.maxComputeProjectArn} label={words.copyMaxComputeArn} />
          </Fact>
          <Role arn={trail.maxComputeWriteRoleArn} words={words} />
        </Group>
      )}
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card className="px-[18px] py-4">
      <CardTitle>{title}</CardTitle>
      <Facts>{children}</Facts>
    </Card>
  );
}

function Moment({ name, at, now, absent }: { name: string; at: string | null; now: string; absent: string }) {
  return (
    <Fact name={name}>
      {at === null ? (
        <span className="text-ink-2">{absent}</span>
      ) : (
        <>
          <Instant at={at} now={now} shown="absolute" />
          <div className="text-xs text-ink-3">
            <Instant at={at} now={now} shown="relative" />
          </div>
        </>
      )}
    </Fact>
  );
}

function Role({ arn, words }: { arn: string | null; words: { writesAs: string; copyRoleArn: string } }) {
  return (
    arn !== null && (
      <Fact name={words.writesAs}>
        <Arn arn={arn} label={words.copyRoleArn} />
      </Fact>
    )
  );
}

function Arn({ arn, label }: { arn: string; label: string }) {
  return (
    <>
      <span className="mono mr-2 [overflow-wrap:anywhere]">{arn}</span>
      <CopyButton text={arn} label={label} />
    </>
  );
}
