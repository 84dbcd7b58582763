"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { type ActionError, isDefinite } from "@/app/_request/action-result.ts";
import { redeliverHistoryAction } from "@/app/(console)/trails/actions.ts";
import { slotQuery } from "@/components/history-job/history-job-queries.ts";
import {
  endIntention,
  findIntention,
  type Intention,
  intentionKey,
  keepIntention,
  newClientToken,
  newIntention,
} from "./intention.ts";

/** How a try stands. `unanswered`: nobody knows whether it reached the server; the same token finds out. */
export type RedeliveryOutcome =
  | { readonly kind: "none" | "sending" | "unanswered" }
  | { readonly kind: "refused"; readonly error: ActionError }
  | { readonly kind: "repeated"; readonly jobId: number };

/**
 * Starts redeliveries of one trail from this tab. The client token lives until a definite answer: through retries, through
 * closing the dialog and through reloads.
 */
export function useRedelivery(accountId: string, trailName: string) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const key = intentionKey(accountId, trailName);
  const [outcome, setOutcome] = useState<RedeliveryOutcome>({ kind: "none" });
  const [intention, setIntention] = useState(() => {
    const kept = findIntention(sessionStorage, key) ?? newIntention();
    keepIntention(sessionStorage, key, kept);
    return kept;
  });

  const keep = (kept: Intention) => {
    keepIntention(sessionStorage, key, kept);
    setIntention(kept);
  };

  /** For a new intention: what was sent with the old token is left to itself. */
  const renewToken = () => {
    keep({ ...intention, clientToken: newClientToken(), isUnanswered: false });
    setOutcome({ kind: "none" });
  };

  const start = async (wanted: Omit<Intention, "isUnanswered">) => {
    // Kept before it is sent: a tab that is closed or reloaded now has a lost answer too.
    keep({ ...wanted, isUnanswered: true });
    setOutcome({ kind: "sending" });
    const answer = await redeliverHistoryAction({ trailName, ...wanted }).catch(() => null);
    if (answer === null) {
      setOutcome({ kind: "unanswered" });
      return;
    }
    // A refusal may come from a slot that this tab has not seen taken yet; a success takes it.
    void queryClient.invalidateQueries({ queryKey: slotQuery().queryKey });
    if (!answer.ok) {
      if (isDefinite(answer.error)) {
        keep({ ...wanted, clientToken: newClientToken(), isUnanswered: false });
      }
      setOutcome({ kind: "refused", error: answer.error });
      return;
    }
    endIntention(sessionStorage, key);
    if (answer.data.repeated) {
      setOutcome({ kind: "repeated", jobId: answer.data.jobId });
    } else {
      router.push(`/jobs/${answer.data.jobId}`);
    }
  };

  return { intention, outcome, start, renewToken };
}
