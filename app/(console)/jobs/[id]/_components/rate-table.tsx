"use client";

import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { RateSpan } from "@/domain/history-job/rate.ts";
import { jobPageWords } from "./words.ts";

/** The stretches of the chart in words, the newest first. */
export function RateTable({ spans }: { spans: readonly RateSpan[] }) {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const { count, second, duration } = useFormats();
  return (
    // The container scrolls, so the keyboard has to be able to reach it.
    <section
      aria-label={words.rateTable}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region without anything to focus inside.
      tabIndex={0}
      className="mt-3 max-h-72 overflow-y-auto rounded-control border border-line print:max-h-none"
    >
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{words.rateFrom}</TableHeader>
            <TableHeader>{words.rateFor}</TableHeader>
            <TableHeader className="text-right">{jobWords.delivered}</TableHeader>
            <TableHeader className="text-right">{words.rate}</TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {spans.toReversed().map(({ from, to, delivered, eventsPerSecond }) => (
            <TableRow key={from}>
              <TableCell className="tabular-nums">{second(new Date(from).toISOString())}</TableCell>
              <TableCell label={words.rateFor} className="tabular-nums">
                {duration(to - from)}
              </TableCell>
              <TableCell label={jobWords.delivered} className="text-right tabular-nums">
                {count(delivered)}
              </TableCell>
              <TableCell label={words.rate} className="text-right tabular-nums">
                {eventsPerSecond === null ? words.ratePaused : jobWords.eventsPerSecond(eventsPerSecond)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </section>
  );
}
