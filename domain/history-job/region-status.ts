import { hasEnded, type JobStatus, type SliceState } from "./history-job.ts";

export type RegionStatus = { readonly region: string; readonly status: JobStatus };

/**
 * The vendor's Status of a job, region by region: every region of the trail's filter is in it, those in which nothing is to be
 * delivered are complete.
 * @param regions of the filter
 */
export function statusByRegion(
  regions: readonly string[],
  slices: readonly { readonly region: string; readonly state: SliceState }[],
): readonly RegionStatus[] {
  const names = [...new Set([...regions, ...slices.map(({ region }) => region)])].sort();
  return names.map((region) => ({
    region,
    status: statusOfSlices(slices.filter((slice) => slice.region === region).map(({ state }) => state)),
  }));
}

function statusOfSlices(states: readonly SliceState[]): JobStatus {
  if (states.every(hasEnded)) {
    return states.every((state) => state === "complete") ? 2 : 3;
  }
  return states.every((state) => state === "waiting") ? 0 : 1;
}
