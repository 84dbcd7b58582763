import type { JobPhase } from "./history-job.ts";

/** Orders of the list of jobs: by when they were started, and by how many events they expect. */
export const JOB_ORDERS = ["newest", "oldest", "largest", "smallest"] as const;
export type JobOrder = (typeof JOB_ORDERS)[number];

/** A name, or a part of one, is no longer than this. */
export const WHO_LENGTH_MAX = 200;

/** Which jobs a list has; null for any. */
export type JobFilter = {
  readonly phase: JobPhase | null;
  readonly trailName: string | null;
  /** A part of the name of who started it, in small letters or large. */
  readonly who: string | null;
  /** Started at this instant or later, ISO 8601. */
  readonly from: string | null;
  /** Started before this instant. */
  readonly to: string | null;
};

/** A job's place in a list: the key that the next jobs are behind. */
export type JobPlace = { readonly expected: number; readonly id: number };

/** As an address has it: "1204331.42". */
export function jobPlaceInText({ expected, id }: JobPlace): string {
  return `${expected}.${id}`;
}

/** The place that a text names; null when it names none. */
export function parseJobPlace(text: string): JobPlace | null {
  const [, expected, id] = /^([0-9]{1,15})\.([1-9][0-9]{0,9})$/.exec(text) ?? [];
  return expected === undefined || id === undefined ? null : { expected: Number(expected), id: Number(id) };
}
