import { isVerifying, methodsInWords, slicesLookedAtInWords } from "@/components/history-job/verification-words.ts";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { ProgressBar } from "@/components/ui/progress-bar.tsx";
import type { JobVerificationDto } from "@/domain/history-job/schema.ts";
import { findingsOf } from "./findings.ts";

type VerificationCardProps = { jobId: number; verification: JobVerificationDto | null; now: string };

/** What the logstore has of an ended job, how that was found out, and what it proves. */
export function VerificationCard({ jobId, verification, now }: VerificationCardProps) {
  return (
    <Card className="px-[18px] py-4">
      <CardTitle>Verification</CardTitle>
      {verification === null ? (
        <p className="text-ink-2">This job was not compared with its logstore yet. "Verify again" does it now.</p>
      ) : (
        <Verification jobId={jobId} verification={verification} now={now} />
      )}
    </Card>
  );
}

function Verification({ jobId, verification, now }: { jobId: number; verification: JobVerificationDto; now: string }) {
  if (isVerifying(verification)) {
    return <UnderWay jobId={jobId} verification={verification} />;
  }
  if (verification.state === "failed") {
    return (
      <Notice look="warn">
        <span className="font-[550]">The comparison did not end, so nothing is proved by it.</span>{" "}
        {verification.failure ?? "Verify again."}
      </Notice>
    );
  }
  const findings = findingsOf(verification);
  return (
    <div className="grid gap-3">
      <Facts>
        {findings.facts.map(({ name, value, isLoss }) => (
          <Fact key={name} name={name}>
            <span className={isLoss ? "font-[550] text-bad tabular-nums" : "tabular-nums"}>{value}</span>
          </Fact>
        ))}
        <Fact name="How">
          <span className="block first-letter:uppercase">
            {verification.methods.length === 0 ? "No slices to compare" : methodsInWords(verification.methods)}
          </span>
        </Fact>
        <Fact name="When">
          <Instant at={verification.endedAt ?? verification.requestedAt} now={now} shown="absolute" />, asked for by{" "}
          {verification.requestedBy}
        </Fact>
      </Facts>
      {findings.notes.map((note) => (
        <p key={note} className="text-sm text-ink-2">
          {note}
        </p>
      ))}
    </div>
  );
}

function UnderWay({ jobId, verification }: { jobId: number; verification: JobVerificationDto }) {
  const { slicesDone, slicesTotal } = verification;
  return (
    <div className="grid gap-2">
      <p className="text-ink-2">
        {verification.state === "waiting" ? "Waiting for a worker" : "Comparing the job with its logstore"}:{" "}
        <span className="tabular-nums">{slicesLookedAtInWords(verification)}</span>.
      </p>
      <ProgressBar
        share={slicesTotal === 0 ? 0 : slicesDone / slicesTotal}
        look="run"
        label={`Verification of job ${jobId}`}
        className="h-1.5"
      />
    </div>
  );
}
