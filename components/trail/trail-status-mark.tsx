"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { type MarkShape, type MarkTone, StateMark } from "@/components/ui/state-mark.tsx";
import type { TrailStatus } from "@/domain/trail/trail.ts";
import { trailWords } from "./words.ts";

const STATUSES: Readonly<Record<TrailStatus, { shape: MarkShape; tone: MarkTone }>> = {
  Enable: { shape: "check", tone: "ok" },
  Disable: { shape: "paused", tone: "still" },
  Fresh: { shape: "dashed", tone: "still" },
};

export function TrailStatusMark({ status }: { status: TrailStatus }) {
  const words = useWords(trailWords);
  return <StateMark {...STATUSES[status]}>{words.status[status]}</StateMark>;
}
