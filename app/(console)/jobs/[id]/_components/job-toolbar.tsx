"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import {
  cancelHistoryJobAction,
  deleteHistoryJobAction,
  limitHistoryJobAction,
  pauseHistoryJobAction,
  resumeHistoryJobAction,
  retryHistoryJobAction,
  verifyHistoryJobAction,
} from "@/app/(console)/jobs/actions.ts";
import { slotQuery } from "@/components/history-job/history-job-queries.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { usePreload } from "@/components/ui/use-preload.ts";
import type { HistoryJobDetailDto } from "@/domain/history-job/schema.ts";
import { confirmCancel, confirmDelete } from "./confirmation.ts";
import { ControlButton } from "./control-button.tsx";
import { ControlOutcome } from "./control-outcome.tsx";
import { controlsOf, type JobControl } from "./job-controls.ts";
import { useJobControl } from "./use-job-control.ts";
import { jobPageWords } from "./words.ts";

const loadConfirm = () => import("./confirm-dialog.tsx");
const loadLimit = () => import("./limit-dialog.tsx");
const loadMissing = () => import("./missing-dialog.tsx");
const loadQuestions = () => Promise.all([loadConfirm(), loadLimit(), loadMissing()]);

const ConfirmDialog = dynamic(() => loadConfirm().then((part) => part.ConfirmDialog), { ssr: false });
const LimitDialog = dynamic(() => loadLimit().then((part) => part.LimitDialog), { ssr: false });
const MissingDialog = dynamic(() => loadMissing().then((part) => part.MissingDialog), { ssr: false });

/** What is not asked about first, because it can be taken back or hurts nobody. */
const ACTS_AT_ONCE = {
  pause: pauseHistoryJobAction,
  resume: resumeHistoryJobAction,
  retry: retryHistoryJobAction,
  verify: verifyHistoryJobAction,
} as const satisfies Partial<Record<JobControl, typeof pauseHistoryJobAction>>;

type JobToolbarProps = {
  accountId: string;
  detail: HistoryJobDetailDto;
  permitted: readonly JobControl[];
};

/** What can be done with a job now. What hurts is asked about first; what becomes of it is told where it was asked for. */
export function JobToolbar({ accountId, detail, permitted }: JobToolbarProps) {
  const { job, retry, verification } = detail;
  const words = useWords(jobPageWords);
  const { data: slot } = useQuery(slotQuery());
  usePreload(loadQuestions);
  const { outcome, carryOut, forget } = useJobControl(job.id);
  const [opened, setOpened] = useState<JobControl | null>(null);
  const controls = controlsOf({ job, retry, verification, slotJobId: slot?.job?.id ?? null }, permitted, words);
  // A question whose object has gone meanwhile, because the job has ended, is withdrawn.
  const asked = controls.find(({ control, why }) => control === opened && why === null)?.control ?? null;
  const input = { jobId: job.id };

  const close = () => {
    setOpened(null);
    forget();
  };

  const press = async (control: JobControl) => {
    if (isAtOnce(control)) {
      await carryOut(control, words.done[control](job.id), () => ACTS_AT_ONCE[control](input));
    } else {
      forget();
      setOpened(control);
    }
  };

  const confirm = async (control: JobControl, done: string, act: Parameters<typeof carryOut>[2]) => {
    if (await carryOut(control, done, act)) {
      close();
    }
  };

  const shared = { jobId: job.id, outcome, onClose: close };
  return (
    <div className="grid justify-items-end gap-2 max-sm:justify-items-start print:hidden">
      <div className="flex flex-wrap justify-end gap-2 max-sm:justify-start">
        {controls.map(({ control, why }) => (
          <ControlButton
            key={control}
            jobId={job.id}
            control={control}
            why={why}
            slices={retry?.slices ?? 0}
            isSending={outcome.kind === "sending" && outcome.control === control}
            isHeld={outcome.kind === "sending"}
            onPress={() => void press(control)}
          />
        ))}
      </div>
      {asked === null && <ControlOutcome jobId={job.id} outcome={outcome} />}
      {asked === "cancel" && (
        <ConfirmDialog
          {...shared}
          confirmation={confirmCancel(job, words)}
          onConfirm={() => void confirm("cancel", words.done.cancel(job.id), () => cancelHistoryJobAction(input))}
        />
      )}
      {asked === "delete" && (
        <ConfirmDialog
          {...shared}
          confirmation={confirmDelete(job, words)}
          onConfirm={() => void confirm("delete", words.done.delete(job.id), () => deleteHistoryJobAction(input))}
        />
      )}
      {asked === "limit" && (
        <LimitDialog
          {...shared}
          eventsPerSecond={job.eventsPerSecond}
          eventsPerSecondMax={job.eventsPerSecondMax}
          onLimit={(eventsPerSecondMax) =>
            void confirm("limit", words.done[eventsPerSecondMax === null ? "lift" : "limit"](job.id), () =>
              limitHistoryJobAction({ ...input, eventsPerSecondMax }),
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
          onClose={close}
        />
      )}
    </div>
  );
}

function isAtOnce(control: JobControl): control is keyof typeof ACTS_AT_ONCE {
  return control in ACTS_AT_ONCE;
}
