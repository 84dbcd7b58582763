"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { isSessionEnded, PollError, refusalIn } from "./poll.ts";
import { SignInAgainLink } from "./sign-in-again-link.tsx";
import { useExactTime } from "./use-exact-time.ts";
import { useNow } from "./use-now.ts";
import { uiWords } from "./words.ts";

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
  const words = useWords(uiWords);
  const now = useNow();
  const exact = useExactTime(asOf);
  if (isSessionEnded(error)) {
    return (
      <span className="font-[550] text-warn">
        {words.sessionEnded} <SignInAgainLink className="underline">{words.signInAgain}</SignInAgainLink>
      </span>
    );
  }
  const age = now === null ? 0 : now - updatedAt;
  if (error !== null) {
    const serverNow = new Date(Date.parse(asOf) + age).toISOString();
    return (
      <span title={exact} className="font-[550] text-warn">
        {words.notUpdated(age, asOf, serverNow, whyNotUpdated(error, words))}
      </span>
    );
  }
  return <span title={exact}>{updatedInWords(age, words)}</span>;
}

/** How long ago something was renewed. @param age in milliseconds */
export function updatedInWords(age: number, words: { updatedNow: string; updatedAgo: (ms: number) => string }): string {
  return age < 1_000 ? words.updatedNow : words.updatedAgo(age);
}

function whyNotUpdated(error: Error, words: { cannotRead: string; noAnswer: string }): string {
  const isFailing = error instanceof PollError && error.why === "failing";
  return refusalIn(error) ?? (isFailing ? words.cannotRead : words.noAnswer);
}
