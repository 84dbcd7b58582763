"use client";

import { useEffect } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "./button.tsx";
import { StatePanel } from "./state-panel.tsx";
import { uiWords } from "./words.ts";

/** An outage ends by itself, and whoever left the page open should not have to come back to it. Not so often that it is a load. */
const RETRY_INTERVAL_MS = 15_000;

type FailurePanelProps = { title: string; error: unknown; onRetry: () => void };

/** Stands where a page would be that could not be drawn, a fault of ours: what failed, that it is tried again, and the reference under which it stands in the log. */
export function FailurePanel({ title, error, onRetry }: FailurePanelProps) {
  const words = useWords(uiWords);
  const reference = referenceOf(error);
  useEffect(() => {
    const timer = setInterval(onRetry, RETRY_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [onRetry]);
  return (
    <StatePanel
      isPage
      title={title}
      action={
        <Button look="primary" onClick={onRetry}>
          {words.tryAgain}
        </Button>
      }
    >
      <p>{words.fault(RETRY_INTERVAL_MS / 1_000)}</p>
      {reference !== null && (
        <p className="mt-1">
          {words.reference} <code className="mono">{reference}</code>
        </p>
      )}
    </StatePanel>
  );
}

/** Next puts the digest under which the server logged an error on the copy that the browser gets. */
function referenceOf(error: unknown): string | null {
  return error instanceof Error && "digest" in error && typeof error.digest === "string" ? error.digest : null;
}
