"use client";

import Link from "next/link";
import { type FormEvent, type ReactNode, useState } from "react";
import { ReasonField } from "@/app/(console)/trails/_components/reason-field.tsx";
import { RedeliverOutcome } from "@/app/(console)/trails/_components/redeliver-outcome.tsx";
import { useRedelivery } from "@/app/(console)/trails/_components/use-redelivery.ts";
import { ClientToken } from "@/components/history-job/client-token.tsx";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { type WindowRequest, windowRequestSchema } from "@/domain/history-job/schema.ts";
import { jobControlWords } from "./control-words.ts";

type MissingDialogProps = {
  accountId: string;
  jobId: number;
  trailName: string;
  /** Slices with events that are missing from the logstore and that history still has. */
  slicesMissing: number;
  /** Who has the slot, if it is taken. It keeps nobody from starting: a token that was sent before is answered all the same. */
  slotTaken: ReactNode;
  onClose: () => void;
};

/** Starts a job of just the slices that miss something, under a client token of its own. */
export function MissingDialog({ accountId, jobId, trailName, slicesMissing, slotTaken, onClose }: MissingDialogProps) {
  const words = useWords(jobControlWords);
  const jobWords = useWords(historyJobWords);
  const window = { kind: "missing-of", jobId } as const;
  const redelivery = useRedelivery<WindowRequest>({
    accountId,
    trailName,
    subject: `missing of job ${jobId}`,
    windowSchema: windowRequestSchema,
    firstWindow: window,
  });
  const { intention, outcome } = redelivery;
  const [reason, setReason] = useState(intention.reason);
  const isSending = outcome.kind === "sending";
  const isSettled = outcome.kind === "repeated";

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isSending && !isSettled) {
      void redelivery.start({ clientToken: intention.clientToken, window, reason });
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={words.missingTitle(jobId)}
      description={words.missingWhat(slicesMissing)}
    >
      <form onSubmit={submit}>
        <DialogBody>
          <ReasonField value={reason} onChange={({ target }) => setReason(target.value)} />
          <div className="flex flex-wrap gap-x-3 text-sm">
            <span className="text-ink-3">{jobWords.clientToken}</span>
            <ClientToken clientToken={intention.clientToken} />
          </div>
          {slotTaken !== null && outcome.kind === "none" && <Notice look="warn">{slotTaken}</Notice>}
          <RedeliverOutcome outcome={outcome} wasUnanswered={intention.isUnanswered} />
        </DialogBody>
        <DialogFoot>
          <DialogClose asChild>
            <Button className="ml-auto">{isSettled ? words.close : words.missingDismiss}</Button>
          </DialogClose>
          {isSettled ? (
            <Button look="primary" asChild>
              <Link href={`/jobs/${outcome.jobId}`}>{words.missingWatch(outcome.jobId)}</Link>
            </Button>
          ) : (
            <Button look="primary" type="submit" aria-disabled={isSending}>
              {isSending
                ? words.missingStarting
                : outcome.kind === "unanswered"
                  ? words.missingAgain
                  : words.missingStart(slicesMissing)}
            </Button>
          )}
        </DialogFoot>
      </form>
    </Dialog>
  );
}
