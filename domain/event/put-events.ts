/** Events of one PutEvents call: a few short recording transactions, so that the call is answered within a moment. */
export const PUT_EVENTS_MAX = 1_000;

/** A body, before it is compressed and as it is sent. Four of the largest events fit. */
export const PUT_EVENTS_BYTES_MAX = 4 * 1024 * 1024;

/** How the body of a call may be compressed: the words of Content-Encoding. */
export const EVENTS_ENCODINGS = ["identity", "gzip", "zstd"] as const;
export type EventsEncoding = (typeof EVENTS_ENCODINGS)[number];

/** Why a whole call is refused. Nothing of it was recorded. */
export type EventsFault = "too-large" | "too-many" | "unknown-encoding" | "damaged";

/** What became of one event of a call, by the line that it begins in, from 1. */
export type PutEventOutcome = { readonly line: number } & (
  | { readonly outcome: "recorded" | "present" | "conflict"; readonly eventId: string }
  | { readonly outcome: "refused"; readonly reason: string }
);

/** Stands behind a line's number, as the reasons of parseEvent. */
export const OUTSIDE_HISTORY_REASON = "eventTime is more than 90 days ago";
