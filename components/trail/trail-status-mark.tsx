import { type MarkShape, type MarkTone, StateMark } from "@/components/ui/state-mark.tsx";
import type { TrailStatus } from "@/domain/trail/trail.ts";

const STATUSES: Readonly<Record<TrailStatus, { word: string; shape: MarkShape; tone: MarkTone }>> = {
  Enable: { word: "Enabled", shape: "check", tone: "ok" },
  Disable: { word: "Stopped", shape: "paused", tone: "still" },
  Fresh: { word: "Never enabled", shape: "dashed", tone: "still" },
};

export function TrailStatusMark({ status }: { status: TrailStatus }) {
  const { word, shape, tone } = STATUSES[status];
  return (
    <StateMark shape={shape} tone={tone}>
      {word}
    </StateMark>
  );
}
