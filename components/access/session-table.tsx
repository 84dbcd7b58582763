"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { PassingButton } from "@/components/ui/passing-button.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { SessionDto } from "@/domain/access/schema.ts";
import { deviceOf } from "./device.ts";
import { sessionWords } from "./session-words.ts";

type SessionTableProps = {
  sessions: readonly SessionDto[];
  now: string;
  isSending: boolean;
  onEnd: (sessionId: string) => void;
};

/** A person's sessions; each but the one that asks can be ended from here. */
export function SessionTable({ sessions, now, isSending, onEnd }: SessionTableProps) {
  const words = useWords(sessionWords);
  return (
    <Table>
      <TableHead>
        <tr>
          <TableHeader>{words.device}</TableHeader>
          <TableHeader>{words.from}</TableHeader>
          <TableHeader>{words.since}</TableHeader>
          <TableHeader>{words.lastUse}</TableHeader>
          <TableHeader>
            <span className="sr-only">{words.end}</span>
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {sessions.map(({ id, isThis, userAgent, from, createdAt, lastUsedAt }) => {
          const device = deviceOf(userAgent) ?? words.unknownDevice;
          return (
            <TableRow key={id}>
              <TableCell label={words.device}>
                <span title={userAgent}>{device}</span>
              </TableCell>
              <TableCell label={words.from}>
                <span className="mono text-ink-2 [overflow-wrap:anywhere]">{from ?? words.noAddress}</span>
              </TableCell>
              <TableCell label={words.since}>
                <Instant at={createdAt} now={now} shown="absolute" />
              </TableCell>
              <TableCell label={words.lastUse}>
                {isThis ? words.thisSession : <Instant at={lastUsedAt} now={now} shown="relative" />}
              </TableCell>
              <TableCell className="text-right max-lg:text-left">
                {!isThis && (
                  <PassingButton
                    size="small"
                    aria-label={words.endOf(device, from ?? words.noAddress)}
                    aria-disabled={isSending}
                    onClick={() => onEnd(id)}
                  >
                    {words.end}
                  </PassingButton>
                )}
              </TableCell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
