import { secondInWords } from "@/components/language/times.ts";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { UndeliverableDto } from "@/domain/history-job/schema.ts";

export function UndeliverableTable({ events }: { events: readonly UndeliverableDto[] }) {
  return (
    <div className="border-t border-line">
      <Table>
        <TableHead>
          <tr>
            <TableHeader>Event</TableHeader>
            <TableHeader>Event time</TableHeader>
            <TableHeader>Region</TableHeader>
            <TableHeader>Reason</TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {events.map(({ region, eventTime, eventId, reason }) => (
            <TableRow key={`${region} ${eventTime} ${eventId}`}>
              <TableCell className="mono [overflow-wrap:anywhere]">{eventId}</TableCell>
              <TableCell label="Event time">
                <time dateTime={eventTime}>{secondInWords(eventTime)}</time>
              </TableCell>
              <TableCell label="Region">
                <span className="mono">{region}</span>
              </TableCell>
              <TableCell label="Reason">
                <span className="[overflow-wrap:anywhere]">{reason}</span>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
