"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { historyPreviewQuery } from "@/components/history-job/history-job-queries.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { LogstoreName } from "@/components/trail/logstore-name.tsx";
import { Regions } from "@/components/trail/regions.tsx";
import { trailWords } from "@/components/trail/words.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { CLIENT_TOKEN_PATTERN } from "@/domain/history-job/rules.ts";
import { type TimeWindowRequest, timeWindowRequestSchema } from "@/domain/history-job/schema.ts";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { ClientTokenField } from "./client-token-field.tsx";
import { HistoryPreview } from "./history-preview.tsx";
import { RedeliverOutcome } from "./redeliver-outcome.tsx";
import { useRedelivery } from "./use-redelivery.ts";
import { type WindowChoice, windowChoiceOf, windowRequestOf } from "./window-choice.ts";
import { WindowField } from "./window-field.tsx";
import { redeliverWords } from "./words.ts";

type RedeliverDialogProps = {
  accountId: string;
  trail: Pick<TrailDto, "name" | "trailRegion" | "eventRW" | "logstore" | "startLoggingTime">;
  onClose: () => void;
};

/** What will be sent, from which time and where to; and the start of it. */
export function RedeliverDialog({ accountId, trail, onClose }: RedeliverDialogProps) {
  const words = useWords(redeliverWords);
  const { eventRW } = useWords(trailWords);
  const redelivery = useRedelivery<TimeWindowRequest>({
    accountId,
    trailName: trail.name,
    subject: trail.name,
    windowSchema: timeWindowRequestSchema,
    firstWindow: { kind: "default" },
  });
  const [openedAt] = useState(() => Date.now());
  const [choice, setChoice] = useState<WindowChoice>(() => windowChoiceOf(redelivery.intention.window, openedAt));
  const [reason, setReason] = useState(redelivery.intention.reason);
  const [ownToken, setOwnToken] = useState("");

  const requested = windowRequestOf(choice);
  const window = "window" in requested ? requested.window : null;
  const preview = useQuery({
    ...historyPreviewQuery(trail.name, window ?? { kind: "default" }),
    enabled: window !== null,
  });

  const clientToken = ownToken === "" ? redelivery.intention.clientToken : ownToken;
  const isTokenValid = CLIENT_TOKEN_PATTERN.test(clientToken);
  const { outcome } = redelivery;
  const isSending = outcome.kind === "sending";
  const isSettled = outcome.kind === "repeated";

  // The button says what it does, with its number once that is known.
  const label = isSending
    ? words.starting
    : outcome.kind === "unanswered"
      ? words.tryAgain
      : preview.data === undefined
        ? words.redeliver
        : words.redeliverEvents(preview.data.expected);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (window !== null && isTokenValid && !isSending && !isSettled) {
      void redelivery.start({ clientToken, window, reason });
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={words.redeliverOf(trail.name)}
      description={
        <>
          {words.sendsTo} {trail.logstore !== null && <LogstoreName {...trail.logstore} />}
          {words.sendsToEnd} {words.which(eventRW[trail.eventRW])} <Regions trailRegion={trail.trailRegion} />
        </>
      }
    >
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <WindowField
            choice={choice}
            onChange={setChoice}
            error={"fault" in requested ? words.windowFaults[requested.fault] : undefined}
            window={window === null ? undefined : preview.data}
            startLoggingTime={trail.startLoggingTime}
            now={openedAt}
          />
          <HistoryPreview
            preview={window === null ? null : preview.data}
            error={window === null ? null : preview.error}
          />
          <Field label={words.reason} hint={words.reasonHint}>
            {(control) => (
              <Input
                {...control}
                name="reason"
                value={reason}
                maxLength={500}
                autoComplete="off"
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <ClientTokenField
            clientToken={clientToken}
            ownToken={ownToken}
            error={isTokenValid ? undefined : words.tokenMalformed}
            onOwnToken={setOwnToken}
            onNewToken={redelivery.renewToken}
          />
          <RedeliverOutcome outcome={outcome} wasUnanswered={redelivery.intention.isUnanswered} />
        </DialogBody>
        <DialogFoot>
          <DialogClose asChild>
            <Button className="ml-auto">{isSettled ? words.close : words.cancel}</Button>
          </DialogClose>
          {isSettled ? (
            <Button look="primary" asChild>
              <Link href={`/jobs/${outcome.jobId}`}>{words.watchJob(outcome.jobId)}</Link>
            </Button>
          ) : (
            <Button look="primary" type="submit" disabled={window === null || !isTokenValid} aria-disabled={isSending}>
              {label}
            </Button>
          )}
        </DialogFoot>
      </form>
    </Dialog>
  );
}
