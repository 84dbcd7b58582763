"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import { PHASE_LOOKS, phaseInWords } from "./phases.ts";
import { historyJobWords } from "./words.ts";

type PhaseMarkProps = {
  phase: JobPhase;
  claims?: number;
  /** Makes it a sentence: "Job 42 delivering". */
  jobId?: number;
  /** What makes the word whole: "Incomplete: 31 undeliverable". */
  detail?: string | null;
};

/** A job's phase as word and mark. */
export function PhaseMark({ phase, claims, jobId, detail = null }: PhaseMarkProps) {
  const words = useWords(historyJobWords);
  const { shape, tone } = PHASE_LOOKS[phase];
  const word = phaseInWords(phase, words, claims);
  const sentence = jobId === undefined ? word : words.jobInPhase(jobId, word);
  return (
    <StateMark shape={shape} tone={tone} className={detail === null ? undefined : "whitespace-normal"}>
      {detail === null ? sentence : words.phaseWithDetail(sentence, detail)}
    </StateMark>
  );
}
