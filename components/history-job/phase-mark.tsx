import { type MarkShape, type MarkTone, StateMark } from "@/components/ui/state-mark.tsx";
import type { JobPhase } from "@/domain/history-job/history-job.ts";

const PHASES: Readonly<Record<JobPhase, { word: string; shape: MarkShape; tone: MarkTone }>> = {
  queued: { word: "Queued", shape: "waiting", tone: "run" },
  delivering: { word: "Delivering", shape: "turning", tone: "run" },
  paused: { word: "Paused", shape: "paused", tone: "warn" },
  cancelling: { word: "Cancelling", shape: "stopped", tone: "warn" },
  complete: { word: "Complete", shape: "check", tone: "ok" },
  incomplete: { word: "Incomplete", shape: "warning", tone: "warn" },
  failed: { word: "Failed", shape: "cross", tone: "bad" },
  cancelled: { word: "Cancelled", shape: "stopped", tone: "still" },
};

/** `claims`: slices that a worker still holds; a job that is paused with some is only on its way there. */
export function phaseInWords(phase: JobPhase, claims = 0): string {
  return phase === "paused" && claims > 0 ? "Pausing" : PHASES[phase].word;
}

export function toneOf(phase: JobPhase): MarkTone {
  return PHASES[phase].tone;
}

type PhaseMarkProps = {
  phase: JobPhase;
  claims?: number;
  /** Makes it a sentence: "Job 42 delivering". */
  subject?: string;
  /** What makes the word whole: "Incomplete: 31 undeliverable". */
  detail?: string | null;
};

/** A job's phase as word and mark. */
export function PhaseMark({ phase, claims, subject, detail = null }: PhaseMarkProps) {
  const { shape, tone } = PHASES[phase];
  const word = phaseInWords(phase, claims);
  return (
    <StateMark shape={shape} tone={tone}>
      {subject === undefined ? word : `${subject} ${word.toLowerCase()}`}
      {detail !== null && `: ${detail}`}
    </StateMark>
  );
}
