"use client";

import { Button } from "./button.tsx";
import { StatePanel } from "./state-panel.tsx";

type FailurePanelProps = { title: string; error: unknown; onRetry: () => void };

/** A fault of ours: what failed, how to try again, and the reference under which it stands in the log. */
export function FailurePanel({ title, error, onRetry }: FailurePanelProps) {
  const reference = referenceOf(error);
  return (
    <StatePanel
      title={title}
      action={
        <Button look="primary" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p>This is a fault of the console, not of what you did. Nothing was changed by showing this page.</p>
      {reference !== null && (
        <p className="mt-1">
          If it stays, give your operator this reference: <code className="mono">{reference}</code>
        </p>
      )}
    </StatePanel>
  );
}

/** Next puts the digest under which the server logged an error on the copy that the browser gets. */
function referenceOf(error: unknown): string | null {
  return error instanceof Error && "digest" in error && typeof error.digest === "string" ? error.digest : null;
}
