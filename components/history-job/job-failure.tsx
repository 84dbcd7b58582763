"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import { reasonInWords } from "./engine-words.ts";
import { historyJobWords } from "./words.ts";

type JobFailureProps = { phase: JobPhase; failure: { code: string; message: string } };

/** Why a job ended as it did, in the words of who refused. */
export function JobFailure({ phase, failure }: JobFailureProps) {
  const words = useWords(historyJobWords);
  return (
    <Notice look={phase === "failed" ? "bad" : "warn"} className="px-3.5 py-2.5">
      <span className="font-[550]">{reasonInWords(failure.message, words)}</span>{" "}
      <code className="mono [overflow-wrap:anywhere]">{failure.code}</code>
    </Notice>
  );
}
