"use client";

import { type FormEvent, useState } from "react";
import { rateInWords } from "@/components/history-job/pace.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { limitHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { ControlOutcome } from "./control-outcome.tsx";
import type { ControlOutcome as Outcome } from "./use-job-control.ts";

type LimitDialogProps = {
  jobId: number;
  eventsPerSecond: number | null;
  eventsPerSecondMax: number | null;
  outcome: Outcome;
  onLimit: (eventsPerSecondMax: number | null) => void;
  onClose: () => void;
};

/** A ceiling in events per second, to be set, changed and lifted while the job runs. */
export function LimitDialog({
  jobId,
  eventsPerSecond,
  eventsPerSecondMax,
  outcome,
  onLimit,
  onClose,
}: LimitDialogProps) {
  const [text, setText] = useState(eventsPerSecondMax === null ? "" : String(eventsPerSecondMax));
  const [isLifting, setLifting] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const isSending = outcome.kind === "sending";
  const rate = rateInWords(eventsPerSecond);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const input = limitHistoryJobInputSchema.safeParse({ jobId, eventsPerSecondMax: Number(text) });
    setRefused(!input.success);
    if (input.success && !isSending) {
      setLifting(false);
      onLimit(input.data.eventsPerSecondMax);
    }
  };

  const lift = () => {
    if (!isSending) {
      setLifting(true);
      onLimit(null);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Limit the speed of job ${jobId}`}
      description="It holds from the next batch on, for all workers together, until it is changed or lifted."
    >
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Field
            label="Events per second, at most"
            hint={rate === null ? undefined : `(${rate} on average so far)`}
            error={isRefused ? "A limit is a whole number from 1 to 1,000,000." : undefined}
          >
            {(control) => (
              <Input
                {...control}
                name="events-per-second-max"
                inputMode="numeric"
                autoComplete="off"
                value={text}
                className="max-w-44 tabular-nums"
                onChange={(event) => {
                  setText(event.target.value);
                  setRefused(false);
                }}
              />
            )}
          </Field>
          <ControlOutcome jobId={jobId} outcome={outcome} />
        </DialogBody>
        <DialogFoot>
          {eventsPerSecondMax !== null && (
            <Button aria-disabled={isSending} onClick={lift}>
              {isSending && isLifting ? "Lifting…" : "Lift the limit"}
            </Button>
          )}
          <DialogClose asChild>
            <Button className="ml-auto">Close</Button>
          </DialogClose>
          <Button look="primary" type="submit" aria-disabled={isSending}>
            {isSending && !isLifting ? "Setting…" : "Set the limit"}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
