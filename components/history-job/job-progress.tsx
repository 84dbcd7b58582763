"use client";

import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Progress } from "@/components/ui/progress.tsx";
import { holdsSlot, type JobPhase, type Ledger, progressOf } from "@/domain/history-job/history-job.ts";
import { toneOf } from "./phases.ts";
import { historyJobWords } from "./words.ts";

type JobProgressProps = { jobId: number; phase: JobPhase; ledger: Ledger };

/** How far a job is, by events: bar, percent, and the two numbers behind them. */
export function JobProgress({ jobId, phase, ledger }: JobProgressProps) {
  const words = useWords(historyJobWords);
  const { percent } = useFormats();
  const share = progressOf(ledger);
  return (
    <div className="min-w-36">
      <div className="flex items-center gap-2">
        {/* In a list's row that becomes another job's, this one's bar would first move to where that one's is. */}
        <Progress
          key={jobId}
          share={share}
          look={toneOf(phase)}
          label={words.progressOf(jobId)}
          className="h-1.5 flex-1"
        />
        <span className="w-11 text-right text-sm tabular-nums">{percent(share)}</span>
      </div>
      <div className="text-xs text-ink-3 tabular-nums">
        {holdsSlot(phase) || ledger.delivered !== ledger.expected
          ? words.deliveredOf(ledger.delivered, ledger.expected)
          : words.allDelivered(ledger.expected)}
      </div>
    </div>
  );
}
