"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { LogstoreDto } from "@/domain/log-service/schema.ts";
import { destinationWords } from "./words.ts";

/** Logstores with what arrived in each; the name leads to its logs. */
export function LogstoreTable({ logstores, now }: { logstores: readonly LogstoreDto[]; now: string }) {
  const words = useWords(destinationWords);
  const { count } = useFormats();
  return (
    <LogstoreTableFrame>
      {logstores.map((logstore) => (
        <TableRow key={`${logstore.region}/${logstore.project}/${logstore.name}`}>
          <TableCell>
            <Link
              href={`/destinations/${logstore.region}/${logstore.project}/${logstore.name}`}
              className="mono font-semibold underline-offset-2 [overflow-wrap:anywhere] hover:underline"
            >
              {logstore.name}
            </Link>
            <div className="text-xs text-ink-3 [overflow-wrap:anywhere]">
              {logstore.region} · {logstore.project}
            </div>
          </TableCell>
          <TableCell label={words.logs} className="text-right tabular-nums max-sm:text-left">
            <div>
              {count(logstore.logs)}
              {logstore.plainLogs > 0 && (
                <div className="text-xs text-ink-3">{words.withoutEvent(logstore.plainLogs)}</div>
              )}
            </div>
          </TableCell>
          <TableCell label={words.size} className="text-right whitespace-nowrap tabular-nums max-sm:text-left">
            {words.sizeOf(logstore.bytes)}
          </TableCell>
          <TableCell label={words.arrivals}>
            <Arrivals logstore={logstore} now={now} />
          </TableCell>
          <TableCell label={words.fedBy}>
            <div>
              {logstore.trail === null ? (
                <span className="text-ink-2">{words.noTrail}</span>
              ) : (
                <Link
                  href={`/trails/${logstore.trail}`}
                  className="underline-offset-2 [overflow-wrap:anywhere] hover:underline"
                >
                  {words.trail(logstore.trail)}
                </Link>
              )}
              <div className="text-xs text-ink-3">
                {words.jobs(logstore.jobCount)}
                {logstore.lastJobId !== null && (
                  <>
                    {" · "}
                    <Link href={`/jobs/${logstore.lastJobId}`} className="underline underline-offset-2">
                      {words.lastJob(logstore.lastJobId)}
                    </Link>
                  </>
                )}
              </div>
            </div>
          </TableCell>
        </TableRow>
      ))}
    </LogstoreTableFrame>
  );
}

function Arrivals({ logstore, now }: { logstore: LogstoreDto; now: string }) {
  const words = useWords(destinationWords);
  const { firstArrivalAt, lastArrivalAt, firstEventDay, lastEventDay } = logstore;
  if (firstArrivalAt === null || lastArrivalAt === null) {
    return <span className="text-ink-2">{words.never}</span>;
  }
  return (
    <div>
      <Instant at={firstArrivalAt} now={now} shown="relative" />
      {" – "}
      <Instant at={lastArrivalAt} now={now} shown="relative" />
      {firstEventDay !== null && lastEventDay !== null && (
        <div className="text-xs text-ink-3">{words.eventDays(firstEventDay, lastEventDay)}</div>
      )}
    </div>
  );
}

const SKELETON_ROWS = ["first", "second", "third"];

/** The table's skeleton twin. */
export function LogstoreTableSkeleton() {
  const words = useWords(destinationWords);
  return (
    <LogstoreTableFrame>
      {SKELETON_ROWS.map((row) => (
        <TableRow key={row}>
          <TableCell>
            <Skeleton className="w-44" />
            <Skeleton className="w-32" />
          </TableCell>
          <TableCell label={words.logs}>
            <Skeleton className="ml-auto w-16 max-sm:ml-0" />
          </TableCell>
          <TableCell label={words.size}>
            <Skeleton className="ml-auto w-12 max-sm:ml-0" />
          </TableCell>
          <TableCell label={words.arrivals}>
            <Skeleton className="w-36" />
          </TableCell>
          <TableCell label={words.fedBy}>
            <Skeleton className="w-28" />
          </TableCell>
        </TableRow>
      ))}
    </LogstoreTableFrame>
  );
}

function LogstoreTableFrame({ children }: { children: ReactNode }) {
  const words = useWords(destinationWords);
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{words.logstore}</TableHeader>
            <TableHeader className="text-right">{words.logs}</TableHeader>
            <TableHeader className="text-right">{words.size}</TableHeader>
            <TableHeader>
              {words.arrivals} ({words.firstToLast})
            </TableHeader>
            <TableHeader>{words.fedBy}</TableHeader>
          </tr>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </Card>
  );
}
