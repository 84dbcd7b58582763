import type { MarkShape, MarkTone } from "@/components/ui/state-mark.tsx";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import type { HistoryJobWords } from "./words.ts";

/** How a phase is marked. */
export const PHASE_LOOKS: Readonly<Record<JobPhase, { shape: MarkShape; tone: MarkTone }>> = {
  queued: { shape: "waiting", tone: "run" },
  delivering: { shape: "turning", tone: "run" },
  paused: { shape: "paused", tone: "warn" },
  cancelling: { shape: "stopped", tone: "warn" },
  complete: { shape: "check", tone: "ok" },
  incomplete: { shape: "warning", tone: "warn" },
  failed: { shape: "cross", tone: "bad" },
  cancelled: { shape: "stopped", tone: "still" },
};

/** `claims`: slices that a worker still holds; a job that is paused with some is only on its way there. */
export function phaseInWords(phase: JobPhase, words: HistoryJobWords, claims = 0): string {
  return phase === "paused" && claims > 0 ? words.pausing : words.phases[phase];
}

export function toneOf(phase: JobPhase): MarkTone {
  return PHASE_LOOKS[phase].tone;
}
