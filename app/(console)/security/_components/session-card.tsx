"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { frameWords } from "@/app/(console)/_components/words.ts";
import { endOtherSessionsAction, endSessionAction } from "@/app/(console)/security/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import { tell } from "@/components/ui/toast.ts";
import type { SessionDto } from "@/domain/access/schema.ts";
import { deviceOf } from "./device.ts";
import { securityWords } from "./words.ts";

/** Where the person is signed in; each but this session can be ended from here. */
export function SessionCard({ sessions, now }: { sessions: readonly SessionDto[]; now: string }) {
  const words = useWords(securityWords);
  const frame = useWords(frameWords);
  const router = useRouter();
  const [isSending, setIsSending] = useState(false);
  const end = async (action: () => Promise<ActionResult<void>>, said: string) => {
    if (isSending) {
      return;
    }
    setIsSending(true);
    const result = await action().catch(() => null);
    setIsSending(false);
    tell(result?.ok ? said : (result?.error.message ?? frame.noAnswer));
    router.refresh();
  };
  return (
    <section aria-labelledby="sessions" className="mt-6 grid gap-2">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <CardTitle id="sessions" className="mb-0">
          {words.sessions}
        </CardTitle>
        {sessions.length > 1 && (
          <Button size="small" aria-disabled={isSending} onClick={() => end(endOtherSessionsAction, words.othersEnded)}>
            {words.endOthers}
          </Button>
        )}
      </div>
      <Card>
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
                    <span className="mono text-ink-2">{from ?? words.noAddress}</span>
                  </TableCell>
                  <TableCell label={words.since}>
                    <Instant at={createdAt} now={now} shown="absolute" />
                  </TableCell>
                  <TableCell label={words.lastUse}>
                    {isThis ? words.thisSession : <Instant at={lastUsedAt} now={now} shown="relative" />}
                  </TableCell>
                  <TableCell className="text-right max-lg:text-left">
                    {!isThis && (
                      <Button
                        size="small"
                        aria-label={words.endOf(device, from ?? words.noAddress)}
                        aria-disabled={isSending}
                        onClick={() => end(() => endSessionAction({ sessionId: id }), words.ended)}
                      >
                        {words.end}
                      </Button>
                    )}
                  </TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      </Card>
    </section>
  );
}
