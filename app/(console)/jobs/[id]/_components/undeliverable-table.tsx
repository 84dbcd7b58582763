"use client";

import { reasonInWords } from "@/components/history-job/engine-words.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { UndeliverableDto } from "@/domain/history-job/schema.ts";
import { jobPageWords } from "./words.ts";

export function UndeliverableTable({ events }: { events: readonly UndeliverableDto[] }) {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const { second } = useFormats();
  return (
    <div className="border-t border-line">
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{words.event}</TableHeader>
            <TableHeader>{words.eventTime}</TableHeader>
            <TableHeader>{words.region}</TableHeader>
            <TableHeader>{words.reason}</TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {events.map(({ region, eventTime, eventId, reason }) => (
            <TableRow key={`${region} ${eventTime} ${eventId}`}>
              <TableCell className="mono [overflow-wrap:anywhere]">{eventId}</TableCell>
              <TableCell label={words.eventTime}>
                <time dateTime={eventTime}>{second(eventTime)}</time>
              </TableCell>
              <TableCell label={words.region}>
                <span className="mono">{region}</span>
              </TableCell>
              <TableCell label={words.reason}>
                <span className="[overflow-wrap:anywhere]">{reasonInWords(reason, jobWords)}</span>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
