"use client";

import Link from "next/link";
import { RedeliverOutcome } from "@/app/(console)/trails/_components/redeliver-outcome.tsx";
import { useRedelivery } from "@/app/(console)/trails/_components/use-redelivery.ts";
import { ClientToken } from "@/components/history-job/client-token.tsx";
import { countOf } from "@/components/language/counts.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { type WindowRequest, windowRequestSchema } from "@/domain/history-job/schema.ts";

type MissingDialogProps = {
  accountId: string;
  jobId: number;
  trailName: string;
  /** Slices with events that are missing from the logstore and that history still has. */
  slicesMissing: number;
  onClose: () => void;
};

/** Starts a job of just the slices that miss something, under a client token of its own. */
export function MissingDialog({ accountId, jobId, trailName, slicesMissing, onClose }: MissingDialogProps) {
  const window = { kind: "missing-of", jobId } as const;
  const redelivery = useRedelivery<WindowRequest>({
    accountId,
    trailName,
    subject: `missing of job ${jobId}`,
    windowSchema: windowRequestSchema,
    firstWindow: window,
  });
  const { intention, outcome } = redelivery;
  const isSending = outcome.kind === "sending";
  const slices = countOf(slicesMissing, "slice", "slices");

  const start = () => {
    if (!isSending) {
      void redelivery.start({ clientToken: intention.clientToken, window, reason: "" });
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Redeliver what job ${jobId} left missing?`}
      description={`A new job sends the ${slices} again in which something is missing. What the logstore has already is counted as such, and not stored a second time.`}
    >
      <DialogBody>
        <div className="flex flex-wrap gap-x-3 text-sm">
          <span className="text-ink-3">Client token</span>
          <ClientToken clientToken={intention.clientToken} />
        </div>
        <RedeliverOutcome outcome={outcome} wasUnanswered={intention.isUnanswered} />
      </DialogBody>
      <DialogFoot>
        <DialogClose asChild>
          <Button className="ml-auto">{outcome.kind === "repeated" ? "Close" : "Cancel"}</Button>
        </DialogClose>
        {outcome.kind === "repeated" ? (
          <Button look="primary" asChild>
            <Link href={`/jobs/${outcome.jobId}`}>Watch job {outcome.jobId}</Link>
          </Button>
        ) : (
          <Button look="primary" aria-disabled={isSending} onClick={start}>
            {isSending ? "Starting…" : outcome.kind === "unanswered" ? "Try again" : `Redeliver ${slices}`}
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
}
