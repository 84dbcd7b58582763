"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode, useId, useState } from "react";
import { slotQuery } from "@/components/history-job/history-job-queries.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { trailWords } from "@/components/trail/words.ts";
import { Button } from "@/components/ui/button.tsx";
import type { TrailNotValidReason } from "@/domain/errors.ts";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { RedeliverDialog } from "./redeliver-dialog.tsx";
import { redeliverWords } from "./words.ts";

type RedeliverHistoryProps = {
  accountId: string;
  trail: Pick<TrailDto, "name" | "trailRegion" | "eventRW" | "logstore" | "startLoggingTime">;
  notRedeliverable: TrailNotValidReason | null;
  mayRedeliver: boolean;
};

/**
 * The button that opens the dialog; when it can't be pressed, the reason stands beside it. What holds for good is told
 * before what passes. All of this is courtesy: the action decides by itself.
 */
export function RedeliverHistory({ accountId, trail, notRedeliverable, mayRedeliver }: RedeliverHistoryProps) {
  const words = useWords(redeliverWords);
  const reasons = useWords(trailWords).notRedeliverable;
  const [isOpen, setIsOpen] = useState(false);
  const { data: slot } = useQuery(slotQuery());
  const whyId = useId();
  const why: ReactNode | null =
    notRedeliverable !== null ? (
      reasons[notRedeliverable]
    ) : !mayRedeliver ? (
      words.viewersCannot
    ) : slot?.job ? (
      <SlotTaken jobId={slot.job.id} />
    ) : null;
  return (
    <>
      <Button
        size="small"
        disabled={why !== null}
        aria-label={words.redeliverOf(trail.name)}
        aria-describedby={why === null ? undefined : whyId}
        onClick={() => setIsOpen(true)}
      >
        {words.redeliver}
      </Button>
      {why !== null && (
        <div
          id={whyId}
          className="mt-1 ml-auto max-w-[200px] text-xs leading-[1.35] text-ink-3 max-sm:ml-0 max-sm:max-w-none"
        >
          {why}
        </div>
      )}
      {isOpen && <RedeliverDialog accountId={accountId} trail={trail} onClose={() => setIsOpen(false)} />}
    </>
  );
}

function SlotTaken({ jobId }: { jobId: number }) {
  const words = useWords(redeliverWords);
  return (
    <>
      {words.slotTakenBy}{" "}
      <Link href={`/jobs/${jobId}`} className="underline underline-offset-2 hover:text-ink">
        {words.job(jobId)}
      </Link>
    </>
  );
}
