"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { undeliverableQuery } from "@/components/history-job/history-job-queries.ts";
import { countOf, inGroups } from "@/components/language/counts.ts";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { UndeliverableTable } from "./undeliverable-table.tsx";

type UndeliverableCardProps = { jobId: number; count: number; isRunning: boolean };

/** The events that the log service would not take: how often it gave which reason, then each of them. */
export function UndeliverableCard({ jobId, count, isRunning }: UndeliverableCardProps) {
  // Where each page begins that was opened so far; the last one is on screen.
  const [starts, setStarts] = useState<readonly (string | null)[]>([null]);
  const after = starts.at(-1) ?? null;
  const first = useQuery(undeliverableQuery(jobId, { after: null, count, isRunning }));
  const page = useQuery(undeliverableQuery(jobId, { after, count, isRunning }));
  const next = page.data?.next ?? null;
  const isPaged = starts.length > 1 || next !== null;
  return (
    <Card className="min-w-0">
      <div className="px-[18px] pt-4 pb-3">
        <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
          <CardTitle>
            Undeliverable{" "}
            <span className="font-normal text-ink-3">
              {countOf(count, "event", "events")} that the log service refused
            </span>
          </CardTitle>
          <Downloads jobId={jobId} />
        </div>
        <Reasons reasons={first.data?.reasons ?? null} />
        {page.error !== null && (
          <Notice look="warn" className="mt-2">
            The list could not be read just now.{" "}
            <Button size="small" onClick={() => void page.refetch()}>
              Try again
            </Button>
          </Notice>
        )}
      </div>
      {page.data === undefined ? (
        page.error === null && <Skeleton className="mx-[18px] mb-4 w-64" />
      ) : (
        <UndeliverableTable events={page.data.events} />
      )}
      {isPaged && (
        <nav
          aria-label="Pages of undeliverable events"
          className="flex gap-2 border-t border-line px-3.5 py-2.5 print:hidden"
        >
          <span className="mr-auto text-sm text-ink-2">Page {inGroups(starts.length)}</span>
          {starts.length > 1 && (
            <Button size="small" onClick={() => setStarts(starts.slice(0, -1))}>
              Earlier
            </Button>
          )}
          {next !== null && (
            <Button size="small" onClick={() => setStarts([...starts, next])}>
              Later
            </Button>
          )}
        </nav>
      )}
    </Card>
  );
}

function Downloads({ jobId }: { jobId: number }) {
  return (
    <div className="ml-auto flex flex-wrap gap-2 max-sm:ml-0 print:hidden">
      <Button size="small" asChild>
        <a href={`/jobs/${jobId}/undeliverable?format=csv`} download>
          Download all (CSV)
        </a>
      </Button>
      <Button size="small" asChild>
        <a href={`/jobs/${jobId}/undeliverable?format=ndjson`} download aria-label="Download all (NDJSON)">
          NDJSON
        </a>
      </Button>
    </div>
  );
}

function Reasons({ reasons }: { reasons: readonly { reason: string; count: number }[] | null }) {
  if (reasons === null) {
    return null;
  }
  return (
    <ul aria-label="Reasons" className="grid gap-0.5">
      {reasons.map(({ reason, count }) => (
        <li key={reason} className="flex gap-2.5">
          <span className="min-w-10 text-right font-[550] tabular-nums">{inGroups(count)}</span>
          <span className="min-w-0 [overflow-wrap:anywhere]">{reason}</span>
        </li>
      ))}
    </ul>
  );
}
