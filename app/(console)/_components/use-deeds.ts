"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { type ActionError, type ActionResult, isDefinite } from "@/app/_request/action-result.ts";
import { useConfirmedAction } from "./use-confirmed-action.tsx";

type Deeds = {
  /** Sends an action, unless one is on its way, and asks who it is where that is wanted. The page is read again with any answer. */
  readonly send: <Data>(action: () => Promise<ActionResult<Data>>, onDone: (data: Data) => void) => Promise<void>;
  readonly isSending: boolean;
  /** Why the last one was refused; null while it was not. */
  readonly refusal: string | null;
  /** As of useConfirmedAction. */
  readonly question: ReactNode;
};

/** What the dialog is about is gone. Read again, the page would take the dialog and its refusal away; closing it reads the page (use-panel.ts). */
const GONE: readonly ActionError["code"][] = ["MemberNotFound", "AccessKeyNotFound"];

/** For a dialog of things to do, one at a time, which stays open for the next. */
export function useDeeds(): Deeds {
  const router = useRouter();
  const { run, question } = useConfirmedAction();
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  const send: Deeds["send"] = async (action, onDone) => {
    if (isSending) {
      return;
    }
    setIsSending(true);
    setRefusal(null);
    const result = await run(action);
    setIsSending(false);
    if (result.ok) {
      onDone(result.data);
      router.refresh();
    } else {
      setRefusal(result.error.message);
      // Without an answer there may be no console to read from, and Next would leave the page for the browser's own.
      if (isDefinite(result.error) && !GONE.includes(result.error.code)) {
        router.refresh();
      }
    }
  };

  return { send, isSending, refusal, question };
}
