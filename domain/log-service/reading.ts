import type { LogCondition } from "./query.ts";

/** The most logs of one GetLogs request, and how many it gets that does not say. Source: SLS, GetLogs. */
export const READ_LINES_MAX = 100;

/** Which logs of a logstore a client asks for (SLS, GetLogs). */
export type LogReading = {
  /** Whole seconds, [from, to). */
  readonly from: Date;
  readonly to: Date;
  readonly condition: LogCondition;
  /** null for any. */
  readonly topic: string | null;
  /** How many of the logs found are passed over. */
  readonly offset: number;
  /** At most so many. */
  readonly line: number;
  /** Newest first. */
  readonly isReversed: boolean;
};

/** A log as a client reads it. `time` in seconds since 1970, as it was sent. */
export type ReadLog = {
  readonly time: number;
  readonly topic: string;
  readonly source: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly contents: readonly { readonly key: string; readonly value: string }[];
};
