import { ceilingInWords } from "@/components/history-job/job-words.ts";
import { usePace } from "@/components/history-job/use-pace.ts";
import { comparedAt, isVerifying, proofInWords } from "@/components/history-job/verification-words.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { ToldTime } from "@/components/ui/told-time.tsx";
import { holdsSlot } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto, JobVerificationDto } from "@/domain/history-job/schema.ts";

type BesideLedgerProps = { job: HistoryJobDto; verification: JobVerificationDto | null; now: string };

/** While a job runs: how fast, how long still, its ceiling. Afterwards: what is proved of it, and when. */
export function BesideLedger({ job, verification, now }: BesideLedgerProps) {
  const words = useWords(historyJobWords);
  const [rate = "—", timeLeft = "—"] = usePace(job);
  const isRunning = holdsSlot(job.phase);
  const [first, second] = isRunning ? [rate, timeLeft] : proofInWords(verification, now, words);
  const isProofTimed = !isRunning && verification !== null && !isVerifying(verification);
  const ceiling = isRunning ? ceilingInWords(job.eventsPerSecondMax, words) : null;
  return (
    <div className="text-right text-ink-2 tabular-nums max-sm:basis-full max-sm:text-left">
      {/* Two lines, known or not: on a phone they stand above all the rest of the page. */}
      <div className="min-h-[1lh]">{first}</div>
      <div className="min-h-[1lh]">
        <ToldTime at={isProofTimed ? comparedAt(verification) : null}>{second}</ToldTime>
      </div>
      {ceiling !== null && <div>{ceiling}</div>}
    </div>
  );
}
