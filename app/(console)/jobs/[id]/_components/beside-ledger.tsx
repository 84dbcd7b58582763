import { ceilingInWords } from "@/components/history-job/job-words.ts";
import { usePace } from "@/components/history-job/use-pace.ts";
import { proofInWords } from "@/components/history-job/verification-words.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { holdsSlot } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto, JobVerificationDto } from "@/domain/history-job/schema.ts";

type BesideLedgerProps = { job: HistoryJobDto; verification: JobVerificationDto | null; now: string };

/** While a job runs: how fast, how long still, its ceiling. Afterwards: what is proved of it, and when. */
export function BesideLedger({ job, verification, now }: BesideLedgerProps) {
  const words = useWords(historyJobWords);
  const pace = usePace(job);
  const lines = holdsSlot(job.phase)
    ? [...pace, ceilingInWords(job.eventsPerSecondMax, words)]
    : proofInWords(verification, now, words);
  return (
    <div className="text-right text-ink-2 tabular-nums max-sm:text-left">
      {lines
        .filter((line) => line !== null)
        .map((line) => (
          <div key={line}>{line}</div>
        ))}
    </div>
  );
}
