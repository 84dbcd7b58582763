import type { MarkShape, MarkTone } from "@/components/ui/state-mark.tsx";
import type { SliceState } from "@/domain/history-job/history-job.ts";

/** The mark of a slice's state, and the look of its cell. */
export const SLICE_STATE_LOOKS: Readonly<Record<SliceState, { shape: MarkShape; tone: MarkTone; cell: string }>> = {
  waiting: { shape: "waiting", tone: "still", cell: "border-line bg-sunk" },
  delivering: { shape: "turning", tone: "run", cell: "relative overflow-hidden border-run bg-run-soft" },
  complete: { shape: "check", tone: "ok", cell: "slice-dot border-ok/45 bg-ok-soft text-ok" },
  incomplete: { shape: "warning", tone: "warn", cell: "border-warn bg-warn-soft text-warn" },
  failed: { shape: "cross", tone: "bad", cell: "border-bad bg-bad-soft text-bad" },
  stopped: { shape: "stopped", tone: "still", cell: "border-line-strong bg-sunk text-ink-3" },
};

/** What stands in the cell, for those whose colour alone would have to tell them apart; what is complete has a dot painted. */
export const SLICE_STATE_SIGNS: Readonly<Record<SliceState, string>> = {
  waiting: "",
  delivering: "›",
  complete: "",
  incomplete: "!",
  failed: "×",
  stopped: "–",
};
