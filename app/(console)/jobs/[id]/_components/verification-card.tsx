"use client";

import { reasonInWords } from "@/components/history-job/engine-words.ts";
import { comparedAt, isVerifying, methodsInWords } from "@/components/history-job/verification-words.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { Progress } from "@/components/ui/progress.tsx";
import type { JobVerificationDto } from "@/domain/history-job/schema.ts";
import { findingsOf } from "./findings.ts";
import { jobPageWords } from "./words.ts";

type VerificationCardProps = { jobId: number; verification: JobVerificationDto | null; now: string };

/** What the logstore has of an ended job, how that was found out, and what it proves. */
export function VerificationCard({ jobId, verification, now }: VerificationCardProps) {
  const words = useWords(jobPageWords);
  return (
    <Card className="px-[18px] py-4">
      <CardTitle>{words.verification}</CardTitle>
      {verification === null ? (
        <p className="text-ink-2">{words.notVerified}</p>
      ) : (
        <Verification jobId={jobId} verification={verification} now={now} />
      )}
    </Card>
  );
}

function Verification({ jobId, verification, now }: { jobId: number; verification: JobVerificationDto; now: string }) {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const formats = useFormats();
  if (isVerifying(verification)) {
    return <UnderWay jobId={jobId} verification={verification} />;
  }
  if (verification.state === "failed") {
    return (
      <Notice look="warn">
        <span className="font-[550]">{words.notEnded}</span>{" "}
        {verification.failure === null ? words.verifyAgain : reasonInWords(verification.failure, jobWords)}
      </Notice>
    );
  }
  const findings = findingsOf(verification, words, formats);
  return (
    <div className="grid gap-3">
      <Facts>
        {findings.facts.map(({ name, value, isLoss }) => (
          <Fact key={name} name={name}>
            <span className={isLoss ? "font-[550] text-bad tabular-nums" : "tabular-nums"}>{value}</span>
          </Fact>
        ))}
        <Fact name={words.how}>
          <span className="block first-letter:uppercase">
            {verification.methods.length === 0
              ? words.noSlicesToCompare
              : methodsInWords(verification.methods, jobWords)}
          </span>
        </Fact>
        <Fact name={words.when}>
          <Instant at={comparedAt(verification)} now={now} shown="absolute" />
          {words.askedForBy(verification.requestedBy)}
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
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const { slicesDone, slicesTotal } = verification;
  return (
    <div className="grid gap-2">
      <p className="text-ink-2 tabular-nums">
        {words.underWay(
          verification.state === "waiting" ? words.waitingForWorker : words.comparing,
          jobWords.looked(slicesDone, slicesTotal),
        )}
      </p>
      <Progress
        share={slicesTotal === 0 ? 0 : slicesDone / slicesTotal}
        look="run"
        label={words.verificationOf(jobId)}
        className="h-1.5"
      />
    </div>
  );
}
