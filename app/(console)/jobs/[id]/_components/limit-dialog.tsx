"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";
import { rateInWords } from "@/components/history-job/pace.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { EVENTS_PER_SECOND_MAX, limitHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { ControlOutcome } from "./control-outcome.tsx";
import { jobControlWords } from "./control-words.ts";
import { numberOf } from "./typed-number.ts";
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
  const words = useWords(jobControlWords);
  const jobWords = useWords(historyJobWords);
  const { count } = useFormats();
  const { register, handleSubmit, formState } = useForm({
    defaultValues: { limit: eventsPerSecondMax === null ? "" : count(eventsPerSecondMax) },
  });
  const [isLifting, setLifting] = useState(false);
  const isSending = outcome.kind === "sending";
  const rate = rateInWords(eventsPerSecond, jobWords);

  const isLimit = (text: string) =>
    limitHistoryJobInputSchema.safeParse({ jobId, eventsPerSecondMax: numberOf(text) }).success;

  const submit = handleSubmit(({ limit }) => {
    if (!isSending) {
      setLifting(false);
      onLimit(numberOf(limit));
    }
  });

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
      title={words.limitTitle(jobId)}
      description={words.limitWhat}
    >
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Field
            label={words.limitField}
            hint={rate === null ? undefined : words.limitHint(rate)}
            error={formState.errors.limit ? words.limitRefused(EVENTS_PER_SECOND_MAX) : undefined}
          >
            {(control) => (
              <Input
                {...control}
                {...register("limit", { validate: isLimit })}
                inputMode="numeric"
                autoComplete="off"
                className="max-w-44 tabular-nums"
              />
            )}
          </Field>
          <ControlOutcome jobId={jobId} outcome={outcome} />
        </DialogBody>
        <DialogFoot>
          {eventsPerSecondMax !== null && (
            <Button aria-disabled={isSending} onClick={lift}>
              {isSending && isLifting ? words.limitLifting : words.limitLift}
            </Button>
          )}
          <DialogClose asChild>
            <Button className="ml-auto">{words.close}</Button>
          </DialogClose>
          <Button look="primary" type="submit" aria-disabled={isSending}>
            {isSending && !isLifting ? words.limitSetting : words.limitSet}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
