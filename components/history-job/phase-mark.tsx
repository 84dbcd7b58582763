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

export function phaseInWords(phase: JobPhase): string {
  return PHASES[phase].word;
}

export function toneOf(phase: JobPhase): MarkTone {
  return PHASES[phase].tone;
}

/** A job's phase as word and mark; `subject` makes it a sentence, "Job 42 delivering". */
export function PhaseMark({ phase, subject }: { phase: JobPhase; subject?: string }) {
  const { word, shape, tone } = PHASES[phase];
  return (
    <StateMark shape={shape} tone={tone}>
      {subject === undefined ? word : `${subject} ${word.toLowerCase()}`}
    </StateMark>
  );
}
