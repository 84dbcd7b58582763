"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { JOBS_QUERY_KEY, slotQuery } from "@/components/history-job/history-job-queries.ts";
import { rateInWords, timeLeftInWords } from "@/components/history-job/pace.ts";
import { PhaseMark, phaseInWords } from "@/components/history-job/phase-mark.tsx";
import { inPercent } from "@/components/ui/count.ts";
import { Freshness } from "@/components/ui/freshness.tsx";
import { ProgressBar } from "@/components/ui/progress-bar.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { progressOf } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";

/**
 * The account's one slot, on every page: free, or who holds it, how far, how fast, how long, how fresh. It carries the
 * page's one live region, which tells changes of state and never the ticks between them.
 */
export function Slot() {
  const { data, dataUpdatedAt, error } = useQuery(slotQuery());
  const job = data?.job ?? null;
  const announcement = useSlotChanges(job);
  return (
    <section aria-label="Redelivery slot" className="border-b border-line bg-card text-sm">
      <div className="flex min-h-[37px] flex-wrap items-center gap-x-3.5 gap-y-1 px-7 py-2 max-sm:px-4">
        {job === null ? <FreeSlot /> : <TakenSlot job={job} />}
        {(job !== null || error !== null) && (
          <span className="text-ink-2">
            <Freshness updatedAt={dataUpdatedAt} error={error} />
          </span>
        )}
      </div>
      <p role="status" className="sr-only">
        {announcement}
      </p>
    </section>
  );
}

function FreeSlot() {
  return (
    <>
      <StateMark shape="check" tone="ok">
        Slot free
      </StateMark>
      <span className="text-ink-2">One redelivery at a time in this account. None is running.</span>
    </>
  );
}

function TakenSlot({ job }: { job: HistoryJobDto }) {
  const share = progressOf(job);
  const pace = [rateInWords(job.eventsPerSecond), timeLeftInWords(job)].filter((words) => words !== null).join(" · ");
  return (
    <Link
      href={`/jobs/${job.id}`}
      className="flex min-w-0 flex-wrap items-center gap-x-3.5 gap-y-1 rounded-cell max-sm:w-full"
    >
      <PhaseMark phase={job.phase} subject={`Job ${job.id}`} />
      <ProgressBar
        share={share}
        look={job.phase === "delivering" || job.phase === "queued" ? "run" : "warn"}
        label={`Progress of job ${job.id}`}
        className="h-1.5 w-[min(420px,28vw)] max-sm:min-w-24 max-sm:flex-1"
      />
      <span className="tabular-nums">{inPercent(share)}</span>
      {pace !== "" && <span className="text-ink-2 tabular-nums">{pace}</span>}
    </Link>
  );
}

/**
 * A sentence for each change of the slot's state while the page is open. Lists of jobs and what the server drew depend on
 * the slot too, so they are renewed at each change.
 */
function useSlotChanges(job: HistoryJobDto | null): string {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [announcement, setAnnouncement] = useState("");
  const jobId = job?.id ?? null;
  const phase = job?.phase ?? null;
  const before = useRef({ jobId, phase });

  useEffect(() => {
    const last = before.current;
    if (last.jobId === jobId && last.phase === phase) {
      return;
    }
    before.current = { jobId, phase };
    setAnnouncement(
      jobId === null || phase === null
        ? `Job ${last.jobId} has ended. Slot free.`
        : `Job ${jobId}: ${phaseInWords(phase)}.`,
    );
    void queryClient.invalidateQueries({ queryKey: JOBS_QUERY_KEY });
    router.refresh();
  }, [jobId, phase, router, queryClient]);

  return announcement;
}
