import type { MarkShape, MarkTone } from "@/components/ui/state-mark.tsx";
import type { SliceState } from "@/domain/history-job/history-job.ts";

/** The mark of a slice's state. */
export const SLICE_STATE_LOOKS: Readonly<Record<SliceState, { shape: MarkShape; tone: MarkTone }>> = {
  waiting: { shape: "waiting", tone: "still" },
  delivering: { shape: "turning", tone: "run" },
  complete: { shape: "check", tone: "ok" },
  incomplete: { shape: "warning", tone: "warn" },
  failed: { shape: "cross", tone: "bad" },
  stopped: { shape: "stopped", tone: "still" },
};
