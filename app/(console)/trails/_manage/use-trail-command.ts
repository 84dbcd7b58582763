"use client";

import { useState } from "react";
import type { ActionError, ActionResult } from "@/app/_request/action-result.ts";

/** How a try stands. `unanswered`: nobody knows whether it reached the server. */
export type CommandOutcome =
  | { readonly kind: "none" | "sending" | "unanswered" }
  | { readonly kind: "refused"; readonly error: ActionError };

/** Sends one command at a time, and calls `onDone` once it was carried out. */
export function useTrailCommand(onDone: () => void) {
  const [outcome, setOutcome] = useState<CommandOutcome>({ kind: "none" });
  const send = async (command: () => Promise<ActionResult<void>>) => {
    if (outcome.kind === "sending") {
      return;
    }
    setOutcome({ kind: "sending" });
    const answer = await command().catch(() => null);
    if (answer === null) {
      setOutcome({ kind: "unanswered" });
    } else if (answer.ok) {
      onDone();
    } else {
      setOutcome({ kind: "refused", error: answer.error });
    }
  };
  return { outcome, send };
}
