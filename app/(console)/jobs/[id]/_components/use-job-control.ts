"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ActionError, ActionResult } from "@/app/_request/action-result.ts";
import { historyJobQuery, JOBS_QUERY_KEY, slotQuery } from "@/components/history-job/history-job-queries.ts";
import { askAnew } from "@/components/ui/poll.ts";
import { tell } from "@/components/ui/toast.ts";
import type { JobControl } from "./job-controls.ts";

/** How the last control stands. `unanswered`: whether it was done is not known; all of them can be asked for again. */
export type ControlOutcome =
  | { readonly kind: "none" }
  | { readonly kind: "sending" | "unanswered"; readonly control: JobControl }
  | { readonly kind: "refused"; readonly control: JobControl; readonly error: ActionError };

/**
 * Carries controls of one job out, one at a time. After each the job is read anew: an answer, a refusal and a lost answer alike
 * leave the page with what is true now.
 */
export function useJobControl(jobId: number) {
  const queryClient = useQueryClient();
  const [outcome, setOutcome] = useState<ControlOutcome>({ kind: "none" });

  /** True when it was done, the page shows it, and was said; `done` writes it, by the slices that workers hold of the job now. */
  const carryOut = async (
    control: JobControl,
    done: (claims: number) => string,
    act: () => Promise<ActionResult<{ jobId: number }>>,
  ): Promise<boolean> => {
    setOutcome({ kind: "sending", control });
    const answer = await act().catch(() => null);
    askAnew();
    void queryClient.invalidateQueries({ queryKey: slotQuery().queryKey });
    void queryClient.invalidateQueries({ queryKey: JOBS_QUERY_KEY });
    await queryClient.invalidateQueries({ queryKey: historyJobQuery(jobId).queryKey });
    if (answer === null) {
      setOutcome({ kind: "unanswered", control });
    } else if (answer.ok) {
      setOutcome({ kind: "none" });
      tell(done(queryClient.getQueryData(historyJobQuery(jobId).queryKey)?.job.claims ?? 0));
    } else {
      setOutcome({ kind: "refused", control, error: answer.error });
    }
    return answer?.ok === true;
  };

  const forget = () => setOutcome({ kind: "none" });

  return { outcome, carryOut, forget };
}
