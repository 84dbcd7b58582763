"use client";

import { functionalUpdate, useTable } from "@tanstack/react-table";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { type ReactNode, useMemo } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { EventRW } from "@/components/trail/event-rw.tsx";
import { LastJob } from "@/components/trail/last-job.tsx";
import { LogstoreName } from "@/components/trail/logstore-name.tsx";
import { Regions } from "@/components/trail/regions.tsx";
import { TrailStatusMark } from "@/components/trail/trail-status-mark.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { SortHeader } from "@/components/ui/sort-header.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import { whyNotRedeliverable } from "@/domain/trail/rules.ts";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { RedeliverHistory } from "./redeliver-history.tsx";
import { trailColumns, trailTableFeatures } from "./trail-columns.ts";
import { TrailFilters } from "./trail-filters.tsx";
import { filtersOf, sortingOf, sortOf, trailListLink } from "./trail-list-state.ts";
import { trailsWords } from "./words.ts";

type TrailTableProps = { accountId: string; trails: readonly TrailDto[]; mayRedeliver: boolean; now: string };

/** The account's trails, as the address filters and sorts them. */
export function TrailTable({ accountId, trails, mayRedeliver, now }: TrailTableProps) {
  const words = useWords(trailsWords);
  const [{ find, status, sort }, setLink] = useQueryStates(trailListLink);
  const sorting = useMemo(() => sortingOf(sort), [sort]);
  const columnFilters = useMemo(() => filtersOf(find, status), [find, status]);
  const table = useTable({
    features: trailTableFeatures,
    columns: trailColumns,
    data: trails,
    getRowId: ({ name }) => name,
    state: { sorting, columnFilters },
    onSortingChange: (change) => setLink({ sort: sortOf(functionalUpdate(change, sorting)) }),
  });
  const { rows } = table.getRowModel();
  return (
    <>
      <TrailFilters shown={rows.length} total={trails.length} />
      {rows.length === 0 ? (
        <StatePanel
          title={words.noneFound}
          action={<Button onClick={() => setLink({ find: null, status: null })}>{words.clear}</Button>}
        >
          {words.noneFoundWhy}
        </StatePanel>
      ) : (
        <TrailTableFrame
          headerOf={(id, name) => {
            const column = table.getColumn(id);
            return (
              <SortHeader sorted={column?.getIsSorted() ?? false} onSort={() => column?.toggleSorting()}>
                {name}
              </SortHeader>
            );
          }}
        >
          {rows.map(({ original: trail }) => (
            <TrailRow key={trail.name} accountId={accountId} trail={trail} mayRedeliver={mayRedeliver} now={now} />
          ))}
        </TrailTableFrame>
      )}
    </>
  );
}

// Four rows, about what an account has, so that little moves when the real ones come.
const SKELETON_ROWS = ["first", "second", "third", "fourth"];

/** The table's skeleton twin. */
export function TrailTableSkeleton() {
  const words = useWords(trailsWords);
  return (
    <>
      <div className="mb-3 flex items-end gap-3">
        <Skeleton className="my-0 h-[59px] w-64" />
        <Skeleton className="my-0 h-[59px] w-40" />
      </div>
      <TrailTableFrame>
        {SKELETON_ROWS.map((row) => (
          <TableRow key={row}>
            <TableCell>
              <Skeleton className="w-32" />
              <Skeleton className="w-20" />
            </TableCell>
            <TableCell label={words.status}>
              <Skeleton className="w-20" />
            </TableCell>
            <TableCell label={words.selects}>
              <Skeleton className="w-24" />
              <Skeleton className="w-16" />
            </TableCell>
            <TableCell label={words.deliversTo}>
              <Skeleton className="w-40" />
            </TableCell>
            <TableCell label={words.lastRedelivery}>
              <Skeleton className="w-28" />
            </TableCell>
            <TableCell>
              <Skeleton className="ml-auto h-7 w-32 max-sm:ml-0" />
            </TableCell>
          </TableRow>
        ))}
      </TrailTableFrame>
    </>
  );
}

type TrailTableFrameProps = {
  /** A column's head that sorts; just its name while there is nothing to sort. */
  headerOf?: (id: string, name: string) => ReactNode;
  children: ReactNode;
};

function TrailTableFrame({ headerOf = nameOnly, children }: TrailTableFrameProps) {
  const words = useWords(trailsWords);
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            {headerOf("trail", words.trail)}
            {headerOf("status", words.status)}
            <TableHeader>{words.selects}</TableHeader>
            <TableHeader>{words.deliversTo}</TableHeader>
            {headerOf("lastJob", words.lastRedelivery)}
            <TableHeader>
              <span className="sr-only">{words.redeliver}</span>
            </TableHeader>
          </tr>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </Card>
  );
}

function nameOnly(_id: string, name: string) {
  return <TableHeader>{name}</TableHeader>;
}

type TrailRowProps = { accountId: string; trail: TrailDto; mayRedeliver: boolean; now: string };

function TrailRow({ accountId, trail, mayRedeliver, now }: TrailRowProps) {
  const words = useWords(trailsWords);
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
      <TableCell label={words.status}>
        <TrailStatusMark status={trail.status} />
      </TableCell>
      <TableCell label={words.selects}>
        <div>
          <Regions trailRegion={trail.trailRegion} />
          <div className="text-xs text-ink-3">
            <EventRW eventRW={trail.eventRW} />
          </div>
        </div>
      </TableCell>
      <TableCell label={words.deliversTo}>
        <TrailDestination trail={trail} />
      </TableCell>
      <TableCell label={words.lastRedelivery}>
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
  const words = useWords(trailsWords);
  if (trail.logstore !== null) {
    return <LogstoreName {...trail.logstore} />;
  }
  if (trail.ossBucketName !== null) {
    return <span className="mono [overflow-wrap:anywhere]">{words.ossBucket(trail.ossBucketName)}</span>;
  }
  return <span className="text-ink-2">{trail.maxComputeProjectArn === null ? words.nowhere : words.maxCompute}</span>;
}
