"use client";

import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { PollError, refusalIn } from "@/components/ui/poll.ts";
import { SignInAgainLink } from "@/components/ui/sign-in-again-link.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { useTold } from "@/components/ui/use-told.ts";
import { eventWords } from "./words.ts";

type EmptyEventsProps = {
  /** Nothing was recorded at all; nothing matches the filters; nothing in the time range. */
  kind: "history" | "filtered" | "range";
  onClear: () => void;
  onWholeHistory: () => void;
};

export function EmptyEvents({ kind, onClear, onWholeHistory }: EmptyEventsProps) {
  const words = useWords(eventWords);
  switch (kind) {
    case "history":
      return <StatePanel title={words.empty}>{words.emptyHistory}</StatePanel>;
    case "filtered":
      return (
        <StatePanel title={words.empty} action={<Button onClick={onClear}>{words.clearFilters}</Button>}>
          {words.emptyFiltered}
        </StatePanel>
      );
    case "range":
      return (
        <StatePanel title={words.empty} action={<Button onClick={onWholeHistory}>{words.wholeHistory}</Button>}>
          {words.emptyRange}
        </StatePanel>
      );
  }
}

type FailedEventsProps = { error: Error; isRetrying: boolean; onRetry: () => void; onReset: () => void };

/** Why nothing, or nothing new, could be read: refused, signed out, or a fault that may pass. */
export function FailedEvents({ error, isRetrying, onRetry, onReset }: FailedEventsProps) {
  const words = useWords(eventWords);
  const why = error instanceof PollError ? error.why : "unreachable";
  const isPassing = why === "unreachable" || why === "failing";
  useTold(isPassing ? words.unreachable : why === "refused" ? words.refused : words.sessionEnded);
  if (why === "session-ended") {
    return (
      <StatePanel
        title={words.sessionEnded}
        action={
          <Button look="primary" asChild>
            <SignInAgainLink>{words.signIn}</SignInAgainLink>
          </Button>
        }
      >
        {words.sessionEndedWhy}
      </StatePanel>
    );
  }
  if (why === "refused") {
    return (
      <StatePanel title={words.refused} action={<Button onClick={onReset}>{words.resetRange}</Button>}>
        {error.message}
      </StatePanel>
    );
  }
  return (
    <StatePanel
      title={words.unreachable}
      action={
        <Button look="primary" disabled={isRetrying} onClick={onRetry}>
          {isRetrying ? words.reading : words.tryAgain}
        </Button>
      }
    >
      {why === "failing" && !error.message.startsWith("status") ? error.message : words.unreachableWhy}
    </StatePanel>
  );
}

type MoreEventsProps = {
  shown: number;
  hasMore: boolean;
  isLoading: boolean;
  error: Error | null;
  onMore: () => void;
};

/** The end of the list: how many have been read, and the way to the next, which scrolling takes by itself. */
export function MoreEvents({ shown, hasMore, isLoading, error, onMore }: MoreEventsProps) {
  const words = useWords(eventWords);
  const formats = useFormats();
  useTold(error === null ? null : words.moreFailed);
  return (
    <div
      className="mt-3 flex min-h-8 flex-wrap items-center gap-3 text-ink-2 text-sm tabular-nums"
      lang={formats.language}
    >
      <span>{words.loaded(shown)}</span>
      {hasMore ? (
        <Button size="small" disabled={isLoading} onClick={onMore}>
          {isLoading ? words.loadingMore : words.loadMore}
        </Button>
      ) : (
        <span className="text-ink-3">{words.allLoaded}</span>
      )}
      {error !== null && (
        <span className="text-bad">
          {words.moreFailed} {refusalIn(error)}
        </span>
      )}
    </div>
  );
}
