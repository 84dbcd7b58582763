"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef } from "react";
import { JOB_QUERY_KEY, JOBS_QUERY_KEY, slotQuery } from "@/components/history-job/history-job-queries.ts";
import { holdInWords, lossInWords, restsSince } from "@/components/history-job/job-words.ts";
import { PhaseMark } from "@/components/history-job/phase-mark.tsx";
import { phaseInWords } from "@/components/history-job/phases.ts";
import { sinkTroubleInWords } from "@/components/history-job/sink-trouble.ts";
import { usePace } from "@/components/history-job/use-pace.ts";
import { type HistoryJobWords, historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { cn } from "@/components/ui/class-names.ts";
import { Freshness } from "@/components/ui/freshness.tsx";
import { Progress } from "@/components/ui/progress.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { tell } from "@/components/ui/toast.ts";
import { useExactTime } from "@/components/ui/use-exact-time.ts";
import { type JobPhase, progressOf } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto, SinkTroubleDto, SlotDto } from "@/domain/history-job/schema.ts";
import { frameWords } from "./words.ts";

/**
 * The account's one slot, on every page: free, or who holds it, how far, how fast, how long, how fresh. Its
 * changes of state are told aloud, never the ticks between them.
 */
export function Slot() {
  const { data = NO_SLOT, dataUpdatedAt, error } = useQuery(slotQuery());
  const { job, sinkTrouble, ended, now } = data;
  const words = useWords(frameWords);
  useSlotChanges(job, ended);
  return (
    <section aria-label={words.slot} className="border-b border-line bg-card text-sm print:hidden">
      <div className="grid min-h-[37px] grid-cols-[minmax(0,1fr)_auto] gap-x-3.5 gap-y-1 px-7 py-2 max-sm:px-4 lg:flex lg:items-center">
        {job === null ? <FreeSlot /> : <TakenSlot job={job} sinkTrouble={sinkTrouble} now={now} />}
        {(job !== null || error !== null) && (
          // At the end and of one width, so that it stays where it is while what stands before it, and its own words, change.
          <span
            className={cn(
              "min-w-[18ch] text-ink-2 tabular-nums lg:ml-auto",
              // What is wrong is read to its end, on as many lines as it takes.
              error === null ? "col-start-2 row-start-2 shrink-0 whitespace-nowrap" : "col-span-2 row-start-3",
            )}
          >
            <Freshness updatedAt={dataUpdatedAt} asOf={now} error={error} />
          </span>
        )}
      </div>
    </section>
  );
}

/** One line; on a narrow screen two, the second of which ends with the freshness. */
const LINES = "col-[1/3] row-[1/3] grid grid-cols-subgrid grid-rows-subgrid gap-x-3.5 lg:flex";

/** A later state takes the place of an earlier one. */
const SLOT_TOAST = "slot";

/** Never shown: the layout brings the first data (query-provider.tsx). */
const NO_SLOT = { now: new Date(0).toISOString(), job: null, sinkTrouble: null, ended: null };

/** On as many lines as a taken one has: what stands below stays where it is when a job begins or ends. */
function FreeSlot() {
  const words = useWords(frameWords);
  return (
    <div className={cn(LINES, "lg:items-center")}>
      <StateMark shape="check" tone="ok" className="col-span-2">
        {words.slotFree}
      </StateMark>
      <span className="col-span-2 text-ink-2">
        {words.slotFreeWhy} <span className="max-md:hidden">{words.slotFreeNow}</span>
      </span>
    </div>
  );
}

type TakenSlotProps = { job: HistoryJobDto; sinkTrouble: SinkTroubleDto | null; now: string };

/**
 * On one line, or on a narrow screen on two, whatever there is to say: what grew into another would move the whole page at a poll. What
 * has no room stands in the title, and on the job's page, where this leads.
 */
function TakenSlot({ job, sinkTrouble, now }: TakenSlotProps) {
  const words = useWords(frameWords);
  const jobWords = useWords(historyJobWords);
  const formats = useFormats();
  const share = progressOf(job);
  const isDelivering = job.phase === "delivering";
  const pace = usePace(job);
  const trouble = sinkTrouble === null ? null : sinkTroubleInWords(sinkTrouble, now, jobWords);
  const facts = [...(trouble === null ? pace : []), holdInWords(job, now, jobWords)]
    .filter((fact) => fact !== null)
    .join(" · ");
  const inFull = [trouble, facts].filter(Boolean).join(" · ");
  const exact = useExactTime(sinkTrouble?.openedAt ?? restsSince(job));
  return (
    <Link href={`/jobs/${job.id}`} className={cn(LINES, "rounded-cell lg:min-w-0 lg:flex-1 lg:items-center")}>
      <div className="col-span-2 flex min-w-0 items-center gap-x-3.5 lg:shrink-0">
        <PhaseMark phase={job.phase} claims={job.claims} jobId={job.id} />
        <Progress
          share={share}
          look={isDelivering || job.phase === "queued" ? "run" : "warn"}
          label={words.progressOf(job.id)}
          className="h-1.5 w-[min(420px,16vw)] min-w-6 max-lg:flex-1"
        />
        <span className="min-w-[5ch] shrink-0 whitespace-nowrap tabular-nums">{formats.percent(share)}</span>
      </div>
      <div
        title={[inFull, exact].filter(Boolean).join("\n") || undefined}
        className="min-h-[1lh] min-w-0 truncate text-ink-2 tabular-nums lg:flex-1"
      >
        {trouble !== null && <span className="mr-3.5 font-[550] text-warn">{trouble}</span>}
        {facts}
      </div>
    </Link>
  );
}

/**
 * Tells each change of the slot's state while the page is open. Lists of jobs and what the server drew depend on the slot too, so they
 * are renewed at each change.
 */
function useSlotChanges(job: HistoryJobDto | null, ended: SlotDto["ended"]): void {
  const router = useRouter();
  const pathname = usePathname();
  const queryClient = useQueryClient();
  const words = useWords(frameWords);
  const jobWords = useWords(historyJobWords);
  const jobId = job?.id ?? null;
  const phase = job?.phase ?? null;
  // A pause with slices still held is only on its way, and is told again once it is there.
  const isPausing = phase === "paused" && (job?.claims ?? 0) > 0;
  const before = useRef({ jobId, phase, isPausing });

  const tellEnd = useEffectEvent((id: number) => {
    const how = ended?.id === id ? ended : null;
    const open = { label: words.openJob(id), onClick: () => router.push(`/jobs/${id}`) };
    tell(how === null ? words.jobEnded(id) : words.jobEndedAs(id, endInWords(how, jobWords)), {
      id: SLOT_TOAST,
      // Nothing to open for who reads its report already.
      ...(pathname === `/jobs/${id}` ? {} : { action: open }),
    });
  });

  const tellPhase = useEffectEvent((id: number, present: JobPhase) => {
    tell(words.jobIsNow(id, phaseInWords(present, jobWords, job?.claims)), { id: SLOT_TOAST });
  });

  useEffect(() => {
    const last = before.current;
    if (last.jobId === jobId && last.phase === phase && last.isPausing === isPausing) {
      return;
    }
    before.current = { jobId, phase, isPausing };
    if (jobId !== null && phase !== null) {
      tellPhase(jobId, phase);
    } else if (last.jobId !== null) {
      tellEnd(last.jobId);
    }
    void queryClient.invalidateQueries({ queryKey: JOBS_QUERY_KEY });
    // The page of a job that ended and is taken up again, by whomever, asks for nothing by itself.
    void queryClient.invalidateQueries({ queryKey: JOB_QUERY_KEY });
    router.refresh();
  }, [jobId, phase, isPausing, router, queryClient]);
}

/** "Incomplete: 31 undeliverable" */
function endInWords(ended: NonNullable<SlotDto["ended"]>, jobWords: HistoryJobWords): string {
  const phase = phaseInWords(ended.phase, jobWords);
  const loss = lossInWords(ended, jobWords);
  return loss === null ? phase : jobWords.phaseWithDetail(phase, loss);
}
