import { getWords } from "@/app/_request/preferences.ts";
import { JobTable } from "@/components/history-job/job-table.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { trailWords } from "./words.ts";

type TrailJobsProps = { jobs: readonly HistoryJobDto[]; now: string; isRedeliverable: boolean };

/** The last jobs of one trail. */
export async function TrailJobs({ jobs, now, isRedeliverable }: TrailJobsProps) {
  const words = await getWords(trailWords);
  if (jobs.length === 0) {
    return isRedeliverable ? <StatePanel title={words.neverRedelivered}>{words.neverRedeliveredWhy}</StatePanel> : null;
  }
  return (
    <section>
      <h2 className="mb-2 text-[14px] font-[640]">{words.lastJobs}</h2>
      <JobTable jobs={jobs} now={now} />
    </section>
  );
}
