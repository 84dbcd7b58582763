"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { frameWords } from "@/app/(console)/_components/words.ts";
import { endOtherSessionsAction, endSessionAction } from "@/app/(console)/security/actions.ts";
import { SessionTable } from "@/components/access/session-table.tsx";
import { sessionWords } from "@/components/access/session-words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { PassingButton } from "@/components/ui/passing-button.tsx";
import { tell } from "@/components/ui/toast.ts";
import type { SessionDto } from "@/domain/access/schema.ts";
import { securityWords } from "./words.ts";

/** Where the person is signed in; each but this session can be ended from here. */
export function SessionCard({ sessions, now }: { sessions: readonly SessionDto[]; now: string }) {
  const words = useWords(securityWords);
  const session = useWords(sessionWords);
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
        <CardTitle id="sessions" tabIndex={-1} className="mb-0">
          {session.sessions}
        </CardTitle>
        {sessions.length > 1 && (
          <PassingButton
            size="small"
            aria-disabled={isSending}
            onClick={() => end(endOtherSessionsAction, words.othersEnded)}
          >
            {words.endOthers}
          </PassingButton>
        )}
      </div>
      <Card>
        <SessionTable
          sessions={sessions}
          now={now}
          isSending={isSending}
          onEnd={(sessionId) => end(() => endSessionAction({ sessionId }), session.ended)}
        />
      </Card>
    </section>
  );
}
