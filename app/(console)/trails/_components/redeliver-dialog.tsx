"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode, useId, useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { historyPreviewQuery } from "@/components/history-job/history-job-queries.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { LogstoreName } from "@/components/trail/logstore-name.tsx";
import { Regions } from "@/components/trail/regions.tsx";
import { trailWords } from "@/components/trail/words.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { CLIENT_TOKEN_PATTERN } from "@/domain/history-job/rules.ts";
import {
  type HistoryPreviewDto,
  type TimeWindowRequest,
  timeWindowRequestSchema,
} from "@/domain/history-job/schema.ts";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { regionsOf } from "@/domain/trail/trail.ts";
import { ClientTokenField } from "./client-token-field.tsx";
import { HistoryPreview } from "./history-preview.tsx";
import { ReasonField } from "./reason-field.tsx";
import { RedeliverOutcome } from "./redeliver-outcome.tsx";
import { useRedelivery } from "./use-redelivery.ts";
import { type WindowChoice, windowChoiceOf, windowRequestOf } from "./window-choice.ts";
import { WindowField } from "./window-field.tsx";
import { redeliverWords } from "./words.ts";

type RedeliverDialogProps = {
  accountId: string;
  trail: Pick<TrailDto, "name" | "trailRegion" | "eventRW" | "logstore" | "startLoggingTime">;
  /** The window that the link names, if it names one. */
  linkedWindow: TimeWindowRequest | null;
  onWindow: (window: TimeWindowRequest) => void;
  /** Why this person or this trail can't start a job, if so; the preview is theirs all the same. */
  whyNot: string | null;
  /** Who has the slot, if it is taken. It keeps nobody from starting: a token that was sent before is answered all the same. */
  slotTaken: ReactNode;
  onClose: () => void;
};

type RedeliverForm = { choice: WindowChoice; reason: string; ownToken: string };

/** What will be sent, from which time and where to; and the start of it. */
export function RedeliverDialog({
  accountId,
  trail,
  linkedWindow,
  onWindow,
  whyNot,
  slotTaken,
  onClose,
}: RedeliverDialogProps) {
  const words = useWords(redeliverWords);
  const { eventRW, ofAllRegions } = useWords(trailWords);
  const redelivery = useRedelivery<TimeWindowRequest>({
    accountId,
    trailName: trail.name,
    subject: trail.name,
    windowSchema: timeWindowRequestSchema,
    firstWindow: { kind: "default" },
  });
  const [openedAt] = useState(() => Date.now());
  const { window: keptWindow, reason: keptReason, isUnanswered } = redelivery.intention;
  const { register, control, setValue, handleSubmit, formState } = useForm<RedeliverForm>({
    mode: "onChange",
    defaultValues: {
      // What was sent without an answer is asked for again as it was, whatever the link says.
      choice: windowChoiceOf(isUnanswered ? keptWindow : (linkedWindow ?? keptWindow), openedAt),
      reason: keptReason,
      ownToken: "",
    },
  });
  const [choice, ownToken] = useWatch({ control, name: ["choice", "ownToken"] });
  const noteId = useId();

  const choose = (chosen: WindowChoice) => {
    setValue("choice", chosen);
    const request = windowRequestOf(chosen);
    if ("window" in request) {
      onWindow(request.window);
    }
  };

  const requested = windowRequestOf(choice);
  const window = "window" in requested ? requested.window : null;
  const preview = useQuery({
    ...historyPreviewQuery(trail.name, window ?? { kind: "default" }),
    enabled: window !== null,
  });

  const clientToken = ownToken === "" ? redelivery.intention.clientToken : ownToken;
  const isTokenRefused = formState.errors.ownToken !== undefined;
  const { outcome } = redelivery;
  const isSending = formState.isSubmitting || outcome.kind === "sending";
  const isSettled = outcome.kind === "repeated";

  // The button says what it does, with its number once that is known.
  const label = isSending
    ? words.starting
    : outcome.kind === "unanswered"
      ? words.tryAgain
      : window === null || preview.data === undefined
        ? words.redeliver
        : words.redeliverEvents(preview.data.expected);

  const submit = handleSubmit(async ({ reason }) => {
    if (window !== null && whyNot === null && !isSending && !isSettled) {
      await redelivery.start({ clientToken, window, reason });
    }
  });

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={words.redeliverOf(trail.name)}
      description={
        <>
          {words.sendsTo} {trail.logstore !== null && <LogstoreName {...trail.logstore} />}
          {words.sendsToEnd} {words.which(eventRW[trail.eventRW])}{" "}
          {regionsOf(trail.trailRegion) === null ? ofAllRegions : <Regions trailRegion={trail.trailRegion} />}
        </>
      }
    >
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <WindowField
            choice={choice}
            onChange={choose}
            error={"fault" in requested ? words.windowFaults[requested.fault] : undefined}
            window={window === null ? undefined : preview.data}
            startLoggingTime={trail.startLoggingTime}
            now={openedAt}
          />
          <HistoryPreview
            preview={window === null ? null : preview.data}
            error={window === null ? null : preview.error}
          />
          <ReasonField {...register("reason")} />
          <ClientTokenField
            clientToken={clientToken}
            isOwn={ownToken !== ""}
            error={isTokenRefused ? words.tokenMalformed : undefined}
            field={register("ownToken", { validate: (token) => token === "" || CLIENT_TOKEN_PATTERN.test(token) })}
            onNewToken={redelivery.renewToken}
          />
          {slotTaken !== null && outcome.kind === "none" && <Notice look="warn">{slotTaken}</Notice>}
          <RedeliverOutcome outcome={outcome} wasUnanswered={isUnanswered} />
        </DialogBody>
        <DialogFoot>
          <span id={noteId} className="min-w-0 flex-1 text-sm text-ink-2">
            {whyNot ?? (window !== null && preview.data !== undefined && <ExpectedDuration {...preview.data} />)}
          </span>
          <DialogClose asChild>
            <Button>{isSettled ? words.close : words.cancel}</Button>
          </DialogClose>
          {isSettled ? (
            <Button look="primary" asChild>
              <Link href={`/jobs/${outcome.jobId}`}>{words.watchJob(outcome.jobId)}</Link>
            </Button>
          ) : (
            <Button
              look="primary"
              type="submit"
              disabled={window === null || isTokenRefused || whyNot !== null}
              aria-disabled={isSending}
              aria-describedby={noteId}
            >
              {label}
            </Button>
          )}
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** How long it will take, from what was measured; nothing where nothing was. */
function ExpectedDuration({ expected, speed }: Pick<HistoryPreviewDto, "expected" | "speed">) {
  const words = useWords(redeliverWords);
  return speed === null || expected === 0
    ? null
    : words.takesAbout((expected / speed.eventsPerSecond) * 1_000, speed.jobs, speed.of);
}
