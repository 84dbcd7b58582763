"use client";

import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import type { Confirmation } from "./confirmation.ts";
import { ControlOutcome } from "./control-outcome.tsx";
import type { ControlOutcome as Outcome } from "./use-job-control.ts";

type ConfirmDialogProps = {
  jobId: number;
  confirmation: Confirmation;
  outcome: Outcome;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks once before a control is carried out. It stays until there is an answer. */
export function ConfirmDialog({ jobId, confirmation, outcome, onConfirm, onClose }: ConfirmDialogProps) {
  const isSending = outcome.kind === "sending";
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={confirmation.title}
      description={confirmation.sentence}
    >
      <DialogBody>
        <ControlOutcome jobId={jobId} outcome={outcome} />
      </DialogBody>
      <DialogFoot>
        <DialogClose asChild>
          <Button className="ml-auto">{confirmation.dismiss}</Button>
        </DialogClose>
        <Button look={confirmation.look} aria-disabled={isSending} onClick={() => !isSending && onConfirm()}>
          {isSending ? confirmation.confirming : confirmation.confirm}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
