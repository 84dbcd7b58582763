import type { ReactNode } from "react";
import { LogstoreName } from "@/components/trail/logstore-name.tsx";
import { Regions } from "@/components/trail/regions.tsx";
import { TrailStatusMark } from "@/components/trail/trail-status-mark.tsx";
import { eventRWInWords } from "@/components/trail/trail-words.ts";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import type { TrailDto } from "@/domain/trail/schema.ts";

type TrailFactsProps = { trail: TrailDto; now: string };

/** Everything that DescribeTrails returns, in groups; what a trail does not have is left out. */
export function TrailFacts({ trail, now }: TrailFactsProps) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Group title="Selects">
        <Fact name="Regions">
          <Regions trailRegion={trail.trailRegion} />
        </Fact>
        <Fact name="Events">{eventRWInWords(trail.eventRW)}</Fact>
        <Fact name="Covers">
          {trail.isOrganizationTrail ? "All accounts of the organization" : "This account"}
          {trail.organizationId !== null && <div className="mono text-ink-3">{trail.organizationId}</div>}
        </Fact>
        <Fact name="Home region">{trail.homeRegion}</Fact>
        <Fact name="Trail ARN">
          <Arn arn={trail.trailArn} label="Copy trail ARN" />
        </Fact>
      </Group>
      <Group title="Recording">
        <Fact name="Status">
          <TrailStatusMark status={trail.status} />
        </Fact>
        <Moment name="Took effect" at={trail.startLoggingTime} now={now} absent="Never" />
        <Moment name="Last stopped" at={trail.stopLoggingTime} now={now} absent="Never" />
        <Moment name="Created" at={trail.createdAt} now={now} absent="Unknown" />
        <Moment name="Changed" at={trail.updatedAt} now={now} absent="Never" />
      </Group>
      {trail.slsProjectArn !== null && (
        <Group title="Delivers to Log Service">
          {trail.logstore !== null && (
            <>
              <Fact name="Logstore">
                <LogstoreName {...trail.logstore} />
              </Fact>
              <Fact name="Region">{trail.logstore.projectRegion}</Fact>
            </>
          )}
          <Fact name="Project ARN">
            <Arn arn={trail.slsProjectArn} label="Copy project ARN" />
          </Fact>
          <Role arn={trail.slsWriteRoleArn} />
        </Group>
      )}
      {trail.ossBucketName !== null && (
        <Group title="Delivers to OSS">
          <Fact name="Bucket">
            <span className="mono">{trail.ossBucketName}</span>
          </Fact>
          {trail.ossBucketLocation !== null && <Fact name="Location">{trail.ossBucketLocation}</Fact>}
          {trail.ossKeyPrefix !== null && (
            <Fact name="Key prefix">
              <span className="mono">{trail.ossKeyPrefix}</span>
            </Fact>
          )}
          <Role arn={trail.ossWriteRoleArn} />
        </Group>
      )}
      {trail.maxComputeProjectArn !== null && (
        <Group title="Delivers to MaxCompute">
          <Fact name="Project ARN">
            <Arn arn={trail.maxComputeProjectArn} label="Copy MaxCompute project ARN" />
          </Fact>
          <Role arn={trail.maxComputeWriteRoleArn} />
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

function Role({ arn }: { arn: string | null }) {
  return (
    arn !== null && (
      <Fact name="Writes as">
        <Arn arn={arn} label="Copy role ARN" />
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
