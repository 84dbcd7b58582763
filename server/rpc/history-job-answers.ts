import { statusByRegion } from "@/domain/history-job/region-status.ts";
import type { HistoryJobDetailDto, HistoryJobDto } from "@/domain/history-job/schema.ts";
import { REGIONS, regionsOf } from "@/domain/trail/trail.ts";
import { vendorTime } from "./vendor-time.ts";

/**
 * A job as the vendor's API shows it. StartTime and EndTime are its window (actiontrail.md, 1.2); UpdatedTime of an ended job is
 * when it ended. What the vendor does not tell (phase, counts, reason) stands in fields of our own.
 */
export function historyJobAnswer(job: HistoryJobDto) {
  return {
    JobId: job.id,
    TrailName: job.trailName,
    HomeRegion: job.homeRegion,
    JobStatus: job.status,
    CreatedTime: vendorTime(job.createdAt),
    UpdatedTime: vendorTime(job.endedAt ?? job.acknowledgedAt ?? job.startedAt ?? job.createdAt),
    StartTime: vendorTime(job.windowFrom),
    EndTime: vendorTime(job.windowTo),
    Phase: job.phase,
    Expected: job.expected,
    Delivered: job.delivered,
    Undeliverable: job.undeliverable,
    Gap: job.gap,
    Remaining: job.remaining,
    ...(job.failure === null ? {} : { Failure: { Code: job.failure.code, Message: job.failure.message } }),
    ...(job.reason === null ? {} : { Reason: job.reason }),
  };
}

/** The same with a status for every region of the trail's filter. */
export function historyJobDetailAnswer({ job, slices }: Pick<HistoryJobDetailDto, "job" | "slices">) {
  const statuses = statusByRegion(regionsOf(job.trailRegion) ?? REGIONS, slices);
  return {
    ...historyJobAnswer(job),
    Status: statuses.map(({ region, status }) => ({ Region: region, Status: status })),
  };
}
