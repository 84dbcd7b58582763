"use client";

import { usePathname } from "next/navigation";
import { PollError } from "./poll.ts";
import { durationInWords } from "./time.ts";
import { useNow } from "./use-now.ts";

type FreshnessProps = {
  /** When the data on screen came, by this device's clock, in milliseconds. */
  updatedAt: number;
  /** Why the last try to renew it failed; null when it didn't. */
  error: Error | null;
};

/** How fresh the data on screen is, and what is wrong when it can't be renewed. */
export function Freshness({ updatedAt, error }: FreshnessProps) {
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
        Not updated for {durationInWords(age)}: the console gives no answer. Trying again.
      </span>
    );
  }
  return <span>{age < 1_000 ? "updated just now" : `updated ${durationInWords(age)} ago`}</span>;
}
