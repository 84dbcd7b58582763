import Link from "next/link";
import type { ReactNode } from "react";
import { LastJob } from "@/components/trail/last-job.tsx";
import { LogstoreName } from "@/components/trail/logstore-name.tsx";
import { Regions } from "@/components/trail/regions.tsx";
import { TrailStatusMark } from "@/components/trail/trail-status-mark.tsx";
import { eventRWInWords } from "@/components/trail/trail-words.ts";
import { Card } from "@/components/ui/card.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import { whyNotRedeliverable } from "@/domain/trail/rules.ts";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { RedeliverHistory } from "./redeliver-history.tsx";

type TrailTableProps = { accountId: string; trails: readonly TrailDto[]; mayRedeliver: boolean; now: string };

export function TrailTable({ accountId, trails, mayRedeliver, now }: TrailTableProps) {
  return (
    <TrailTableFrame>
      {trails.map((trail) => (
        <TrailRow key={trail.name} accountId={accountId} trail={trail} mayRedeliver={mayRedeliver} now={now} />
      ))}
    </TrailTableFrame>
  );
}

// Four rows, about what an account has, so that little moves when the real ones come.
const SKELETON_ROWS = ["first", "second", "third", "fourth"];

/** The table's skeleton twin. */
export function TrailTableSkeleton() {
  return (
    <TrailTableFrame>
      {SKELETON_ROWS.map((row) => (
        <TableRow key={row}>
          <TableCell>
            <Skeleton className="w-32" />
            <Skeleton className="w-20" />
          </TableCell>
          <TableCell label="Status">
            <Skeleton className="w-20" />
          </TableCell>
          <TableCell label="Selects">
            <Skeleton className="w-24" />
            <Skeleton className="w-16" />
          </TableCell>
          <TableCell label="Delivers to">
            <Skeleton className="w-40" />
          </TableCell>
          <TableCell label="Last redelivery">
            <Skeleton className="w-28" />
          </TableCell>
          <TableCell>
            <Skeleton className="ml-auto h-7 w-32 max-sm:ml-0" />
          </TableCell>
        </TableRow>
      ))}
    </TrailTableFrame>
  );
}

function TrailTableFrame({ children }: { children: ReactNode }) {
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>Trail</TableHeader>
            <TableHeader>Status</TableHeader>
            <TableHeader>Selects</TableHeader>
            <TableHeader>Delivers to</TableHeader>
            <TableHeader>Last redelivery</TableHeader>
            <TableHeader>
              <span className="sr-only">Redeliver</span>
            </TableHeader>
          </tr>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </Card>
  );
}

type TrailRowProps = { accountId: string; trail: TrailDto; mayRedeliver: boolean; now: string };

function TrailRow({ accountId, trail, mayRedeliver, now }: TrailRowProps) {
  const notRedeliverable = whyNotRedeliverable(trail);
  return (
    <TableRow>
      <TableCell>
        <Link
          href={`/trails/${trail.name}`}
          className="font-semibold break-words underline-offset-2 sm:whitespace-nowrap hover:underline"
        >
          {trail.name}
        </Link>
        <div className="text-xs text-ink-3">{trail.homeRegion}</div>
      </TableCell>
      <TableCell label="Status">
        <TrailStatusMark status={trail.status} />
      </TableCell>
      <TableCell label="Selects">
        <div>
          <Regions trailRegion={trail.trailRegion} />
          <div className="text-xs text-ink-3">{eventRWInWords(trail.eventRW)}</div>
        </div>
      </TableCell>
      <TableCell label="Delivers to">
        <TrailDestination trail={trail} />
      </TableCell>
      <TableCell label="Last redelivery">
        {trail.lastJob === null && notRedeliverable !== null ? (
          <span className="text-ink-2">—</span>
        ) : (
          <LastJob lastJob={trail.lastJob} now={now} />
        )}
      </TableCell>
      <TableCell className="text-right max-sm:text-left">
        <RedeliverHistory
          accountId={accountId}
          trail={trail}
          notRedeliverable={notRedeliverable}
          mayRedeliver={mayRedeliver}
        />
      </TableCell>
    </TableRow>
  );
}

function TrailDestination({ trail }: { trail: TrailDto }) {
  if (trail.logstore !== null) {
    return <LogstoreName {...trail.logstore} />;
  }
  if (trail.ossBucketName !== null) {
    return <span className="mono [overflow-wrap:anywhere]">OSS bucket {trail.ossBucketName}</span>;
  }
  return <span className="text-ink-2">{trail.maxComputeProjectArn === null ? "Nowhere" : "MaxCompute"}</span>;
}
