"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { ZodType } from "zod";
import { type ActionError, isDefinite } from "@/app/_request/action-result.ts";
import { redeliverHistoryAction } from "@/app/(console)/trails/actions.ts";
import { slotQuery } from "@/components/history-job/history-job-queries.ts";
import type { WindowRequest } from "@/domain/history-job/schema.ts";
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

type Redelivery<Window extends WindowRequest> = {
  accountId: string;
  trailName: string;
  /** What the intention is about, apart from others of this account: a trail, or a job. */
  subject: string;
  windowSchema: ZodType<Window>;
  firstWindow: Window;
};

/**
 * Starts redeliveries of one subject from this tab. The client token lives until a definite answer: through retries, through
 * closing the dialog and through reloads.
 */
export function useRedelivery<Window extends WindowRequest>({
  accountId,
  trailName,
  subject,
  windowSchema,
  firstWindow,
}: Redelivery<Window>) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const key = intentionKey(accountId, subject);
  const [outcome, setOutcome] = useState<RedeliveryOutcome>({ kind: "none" });
  const [intention, setIntention] = useState(() => {
    const kept = findIntention(sessionStorage, key, windowSchema) ?? newIntention(firstWindow);
    keepIntention(sessionStorage, key, kept);
    return kept;
  });

  const keep = (kept: Intention<Window>) => {
    keepIntention(sessionStorage, key, kept);
    setIntention(kept);
  };

  /** For a new intention: what was sent with the old token is left to itself. */
  const renewToken = () => {
    keep({ ...intention, clientToken: newClientToken(), isUnanswered: false });
    setOutcome({ kind: "none" });
  };

  const start = async (wanted: Omit<Intention<Window>, "isUnanswered">) => {
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
