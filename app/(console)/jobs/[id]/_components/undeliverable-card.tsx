"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { reasonInWords } from "@/components/history-job/engine-words.ts";
import { undeliverableQuery } from "@/components/history-job/history-job-queries.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { UndeliverableTable, UndeliverableTableSkeleton } from "./undeliverable-table.tsx";
import { jobPageWords } from "./words.ts";

type UndeliverableCardProps = { jobId: number; count: number; isRunning: boolean };

/** The events that the log service would not take: how often it gave which reason, then each of them. */
export function UndeliverableCard({ jobId, count, isRunning }: UndeliverableCardProps) {
  const words = useWords(jobPageWords);
  const [after, setAfter] = useQueryState("undeliverable-after", parseAsString.withOptions({ history: "push" }));
  // Where the pages begin that were come by. Another page is known to who came by a link only: its number is not, and the way back
  // from it is the first page.
  const [visited, setVisited] = useState<readonly (string | null)[]>([null]);
  const position = visited.indexOf(after);
  const first = useQuery(undeliverableQuery(jobId, { after: null, count, isRunning }));
  const page = useQuery(undeliverableQuery(jobId, { after, count, isRunning }));
  const next = page.data?.next ?? null;
  const isPaged = after !== null || next !== null;
  return (
    <Card className="min-w-0">
      <div className="px-[18px] pt-4 pb-3">
        <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
          <CardTitle>
            {words.undeliverable} <span className="font-normal text-ink-3">{words.undeliverableWhat(count)}</span>
          </CardTitle>
          <Downloads jobId={jobId} />
        </div>
        <Reasons reasons={first.data?.reasons ?? null} />
        {page.error !== null && (
          <Notice look="warn" className="mt-2">
            {words.listFailed}{" "}
            <Button size="small" onClick={() => void page.refetch()}>
              {words.tryAgain}
            </Button>
          </Notice>
        )}
      </div>
      {page.data === undefined ? (
        page.error === null && <UndeliverableTableSkeleton />
      ) : (
        <UndeliverableTable events={page.data.events} />
      )}
      {isPaged && page.data !== undefined && (
        <p className="hidden px-3.5 py-2.5 text-sm print:block">{words.printedOf(page.data.events.length, count)}</p>
      )}
      {isPaged && (
        <nav
          aria-label={words.pagesOfUndeliverable}
          className="flex gap-2 border-t border-line px-3.5 py-2.5 print:hidden"
        >
          <span className="mr-auto text-sm text-ink-2">{position >= 0 && words.pageNumber(position + 1)}</span>
          {after !== null && (
            <Button size="small" onClick={() => void setAfter(visited[position - 1] ?? null)}>
              {words.earlier}
            </Button>
          )}
          {next !== null && (
            <Button
              size="small"
              onClick={() => {
                if (position >= 0) {
                  setVisited([...visited.slice(0, position + 1), next]);
                }
                void setAfter(next);
              }}
            >
              {words.later}
            </Button>
          )}
        </nav>
      )}
    </Card>
  );
}

function Downloads({ jobId }: { jobId: number }) {
  const words = useWords(jobPageWords);
  return (
    <div className="ml-auto flex flex-wrap gap-2 max-sm:ml-0 print:hidden">
      <Button size="small" asChild>
        <a href={`/jobs/${jobId}/undeliverable?format=csv`} download>
          {words.downloadAllCsv}
        </a>
      </Button>
      <Button size="small" asChild>
        <a href={`/jobs/${jobId}/undeliverable?format=ndjson`} download aria-label={words.downloadAllNdjson}>
          NDJSON
        </a>
      </Button>
    </div>
  );
}

function Reasons({ reasons }: { reasons: readonly { reason: string; count: number }[] | null }) {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const formats = useFormats();
  if (reasons === null) {
    return null;
  }
  return (
    <ul aria-label={words.reasons} className="grid gap-0.5">
      {reasons.map(({ reason, count }) => (
        <li key={reason} className="flex gap-2.5">
          <span className="min-w-10 text-right font-[550] tabular-nums">{formats.count(count)}</span>
          <span className="min-w-0 [overflow-wrap:anywhere]">{reasonInWords(reason, jobWords)}</span>
        </li>
      ))}
    </ul>
  );
}
