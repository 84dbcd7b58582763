"use client";

import { usePathname } from "next/navigation";
import { PollError } from "./poll.ts";
import { clockInWords, durationInWords } from "./time.ts";
import { useNow } from "./use-now.ts";

type FreshnessProps = {
  /** When the data on screen came, by this device's clock, in milliseconds. */
  updatedAt: number;
  /** The server's time in that data, ISO 8601. */
  asOf: string;
  /** Why the last try to renew it failed; null when it didn't. */
  error: Error | null;
};

/**
 * How fresh the data on screen is, and what is wrong when it can't be renewed: for how long, since when by the server's clock,
 * and that it is being tried again.
 */
export function Freshness({ updatedAt, asOf, error }: FreshnessProps) {
  const now = useNow();
  const pathname = usePathname();
  if (error instanceof PollError && error.why === "session-ended") {
    return (
      <span className="font-[550] text-warn">
        Your session has ended.{" "}
        <a href={`/sign-in?next=${encodeURIComponent(pathname)}`} className="underline">
          Sign in again
        </a>
      </span>
    );
  }
  const age = now === null ? 0 : now - updatedAt;
  if (error !== null) {
    return (
      <span className="font-[550] text-warn">
        Not updated for {durationInWords(age)}, since {clockInWords(asOf)}: {whyNotUpdated(error)} Trying again.
      </span>
    );
  }
  return <span>{age < 1_000 ? "updated just now" : `updated ${durationInWords(age)} ago`}</span>;
}

function whyNotUpdated(error: Error): string {
  if (error instanceof PollError && error.why === "refused") {
    return error.message;
  }
  return error instanceof PollError && error.why === "failing"
    ? "the console cannot read its data."
    : "the console gives no answer.";
}
