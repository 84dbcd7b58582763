import { JobTable } from "@/components/history-job/job-table.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";

type TrailJobsProps = { jobs: readonly HistoryJobDto[]; now: string; isRedeliverable: boolean };

/** The last jobs of one trail. */
export function TrailJobs({ jobs, now, isRedeliverable }: TrailJobsProps) {
  if (jobs.length === 0) {
    return isRedeliverable ? (
      <StatePanel title="Never redelivered">
        "Redeliver history" sends up to 90 days of this trail's events to its logstore again.
      </StatePanel>
    ) : null;
  }
  return (
    <section>
      <h2 className="mb-2 text-[14px] font-[640]">Last jobs</h2>
      <JobTable jobs={jobs} now={now} />
    </section>
  );
}
