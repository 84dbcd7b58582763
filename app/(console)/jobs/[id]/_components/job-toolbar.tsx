"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useQueryState } from "nuqs";
import { useEffect, useId, useState } from "react";
import { NotOpened } from "@/app/(console)/_components/not-opened.tsx";
import {
  cancelHistoryJobAction,
  deleteHistoryJobAction,
  limitHistoryJobAction,
  pauseHistoryJobAction,
  resumeHistoryJobAction,
  retryHistoryJobAction,
  verifyHistoryJobAction,
} from "@/app/(console)/jobs/actions.ts";
import { SlotTaken } from "@/app/(console)/trails/_components/slot-taken.tsx";
import { slotQuery } from "@/components/history-job/history-job-queries.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { usePreload } from "@/components/ui/use-preload.ts";
import type { HistoryJobHeadDto } from "@/domain/history-job/schema.ts";
import { CONFIRMED_CONTROLS, type ConfirmedControl, confirmationOf } from "./confirmation.ts";
import { ControlButton } from "./control-button.tsx";
import { ControlOutcome } from "./control-outcome.tsx";
import { type JobControlWords, jobControlWords } from "./control-words.ts";
import { askedOf, commonWhy, controlsOf, type JobControl, type OfferedControl } from "./job-controls.ts";
import { askParser } from "./job-question.ts";
import { useJobControl } from "./use-job-control.ts";

const loadConfirm = () => import("./confirm-dialog.tsx");
const loadLimit = () => import("./limit-dialog.tsx");
const loadMissing = () => import("./missing-dialog.tsx");
const loadQuestions = () => Promise.all([loadConfirm(), loadLimit(), loadMissing()]);

const ConfirmDialog = dynamic(() => loadConfirm().then((part) => part.ConfirmDialog), { ssr: false });
const LimitDialog = dynamic(() => loadLimit().then((part) => part.LimitDialog), { ssr: false });
const MissingDialog = dynamic(() => loadMissing().then((part) => part.MissingDialog), { ssr: false });

/** What is carried out once its question is answered with yes. */
const CONFIRMED_ACTIONS = {
  pause: pauseHistoryJobAction,
  resume: resumeHistoryJobAction,
  retry: retryHistoryJobAction,
  cancel: cancelHistoryJobAction,
  delete: deleteHistoryJobAction,
} as const satisfies Record<ConfirmedControl, typeof pauseHistoryJobAction>;

type JobToolbarProps = {
  accountId: string;
  detail: HistoryJobHeadDto;
  permitted: readonly JobControl[];
  /** What the page is opened for is on screen. */
  isPageSeen: boolean;
};

/** What can be done with a job now. What changes the job is asked about first; what becomes of it is told where it was asked for. */
export function JobToolbar({ accountId, detail, permitted, isPageSeen }: JobToolbarProps) {
  const { job, retry, verification } = detail;
  const words = useWords(jobControlWords);
  const { data: slot } = useQuery(slotQuery());
  usePreload(loadQuestions, isPageSeen);
  const { outcome, carryOut, forget } = useJobControl(job.id);
  const [opened, setOpened] = useQueryState("ask", askParser);
  const slotJobId = slot?.job?.id ?? null;
  const facts = { job, retry, verification, slotJobId };
  const controls = controlsOf(facts, permitted, words);
  // A question whose object has gone meanwhile is withdrawn for good.
  const asked = askedOf(opened, facts, permitted, words);
  // The address loses it at once; that a link has led here to no question is still to be said.
  const [notOpened, setNotOpened] = useState(asked === null ? opened : null);
  const isWithdrawn = opened !== null && asked === null && outcome.kind !== "sending";
  useEffect(() => {
    if (isWithdrawn) {
      void setOpened(null);
    }
  }, [isWithdrawn, setOpened]);
  const input = { jobId: job.id };

  const close = () => {
    void setOpened(null);
    forget();
  };

  const press = async (control: JobControl) => {
    if (control === "verify") {
      await carryOut(
        control,
        () => words.done.verify(job.id),
        () => verifyHistoryJobAction(input),
      );
    } else if (control !== "download") {
      setNotOpened(null);
      forget();
      await setOpened(control, { history: "push" });
    }
  };

  const confirm = async (...[control, done, act]: Parameters<typeof carryOut>) => {
    if (await carryOut(control, done, act)) {
      close();
    }
  };

  const whyNotOpened = notOpened === null ? null : whyNotAsked(notOpened, controls, words);
  const whyOfSeveral = commonWhy(controls);
  const whyOfSeveralId = useId();
  const confirmed = CONFIRMED_CONTROLS.find((control) => control === asked);
  const shared = { jobId: job.id, outcome, onClose: close };
  return (
    <div className="grid justify-items-end gap-2 max-sm:justify-items-start print:hidden">
      <div className="flex flex-wrap justify-end gap-2 max-sm:justify-start">
        {controls.map(({ control, why }) => (
          <ControlButton
            // One takes the place of the other, and keeps the focus of who has pressed it.
            key={control === "resume" ? "pause" : control}
            jobId={job.id}
            control={control}
            why={why}
            commonWhyId={why !== null && why === whyOfSeveral ? whyOfSeveralId : null}
            slices={retry?.slices ?? 0}
            isSending={outcome.kind === "sending" && outcome.control === control}
            isHeld={outcome.kind === "sending"}
            onPress={() => void press(control)}
          />
        ))}
      </div>
      {whyOfSeveral !== null && (
        <div id={whyOfSeveralId} className="text-xs text-ink-3">
          {whyOfSeveral}
        </div>
      )}
      {whyNotOpened !== null && <NotOpened why={whyNotOpened} />}
      {asked === null && <ControlOutcome jobId={job.id} outcome={outcome} />}
      {confirmed !== undefined && (
        <ConfirmDialog
          {...shared}
          confirmation={confirmationOf(confirmed, detail, words)}
          onConfirm={() =>
            void confirm(
              confirmed,
              (claims) => doneInWords(confirmed, job.id, claims, words),
              () => CONFIRMED_ACTIONS[confirmed](input),
            )
          }
        />
      )}
      {asked === "limit" && (
        <LimitDialog
          {...shared}
          eventsPerSecond={job.eventsPerSecond}
          eventsPerSecondMax={job.eventsPerSecondMax}
          onLimit={(eventsPerSecondMax) =>
            void confirm(
              "limit",
              () => words.done[eventsPerSecondMax === null ? "lift" : "limit"](job.id),
              () => limitHistoryJobAction({ ...input, eventsPerSecondMax }),
            )
          }
        />
      )}
      {asked === "redeliver-missing" && (
        <MissingDialog
          accountId={accountId}
          jobId={job.id}
          trailName={job.trailName}
          slicesMissing={verification?.slicesMissing ?? 0}
          slotTaken={slotJobId === null ? null : <SlotTaken jobId={slotJobId} />}
          onClose={close}
        />
      )}
    </div>
  );
}

/** Why there is no question about a control; null once there could be one. */
function whyNotAsked(asked: JobControl, offered: readonly OfferedControl[], { why }: JobControlWords): string | null {
  const found = offered.find(({ control }) => control === asked);
  return found === undefined ? why.notOffered : found.why;
}

/** What a worker still holds delays a pause or a cancel, and the job's own heading says so, too. */
function doneInWords(control: ConfirmedControl, jobId: number, claims: number, { done }: JobControlWords): string {
  switch (control) {
    case "pause":
      return claims > 0 ? done.pauses(jobId) : done.pause(jobId);
    case "cancel":
      return claims > 0 ? done.cancels(jobId) : done.cancel(jobId);
    default:
      return done[control](jobId);
  }
}
