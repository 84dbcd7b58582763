import { reasonInWords } from "@/components/history-job/engine-words.ts";
import { LedgerEquation } from "@/components/history-job/ledger-equation.tsx";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { hasEnded } from "@/domain/history-job/history-job.ts";
import type { DeliverySliceDto, SliceVerificationDto } from "@/domain/history-job/schema.ts";
import { SLICE_STATE_LOOKS } from "./slice-looks.ts";
import { SliceProof } from "./slice-proof.tsx";
import { jobPageWords } from "./words.ts";

type SliceFactsProps = {
  region: string;
  /** YYYY-MM-DD */
  day: string;
  slice: DeliverySliceDto | null;
  /** What the last verification found of it. */
  finding: SliceVerificationDto | undefined;
  now: string;
  onClose: () => void;
};

/** All about one slice. */
export function SliceFacts({ region, day, slice, finding, now, onClose }: SliceFactsProps) {
  const words = useWords(jobPageWords);
  return (
    <section aria-label={words.sliceLabel(region, day)} className="mt-4 border-t border-line pt-3.5">
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="font-semibold">
          <span className="mono">{region}</span>
          {words.sliceDay(day)}
        </h3>
        {slice !== null && (
          <StateMark shape={SLICE_STATE_LOOKS[slice.state].shape} tone={SLICE_STATE_LOOKS[slice.state].tone}>
            {words.sliceStates[slice.state]}
          </StateMark>
        )}
        <Button look="quiet" size="small" className="ml-auto" onClick={onClose}>
          {words.closeSlice}
        </Button>
      </div>
      {slice === null ? (
        <p className="text-ink-2">{words.sliceNone}</p>
      ) : (
        <>
          <SliceNumbers slice={slice} now={now} />
          {finding !== undefined && <SliceProof finding={finding} />}
        </>
      )}
    </section>
  );
}

function SliceNumbers({ slice, now }: { slice: DeliverySliceDto; now: string }) {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const { count } = useFormats();
  return (
    <div className="grid gap-3.5">
      {slice.failure !== null && (
        <Notice look={slice.state === "failed" ? "bad" : "warn"}>
          <span className="font-[550]">{reasonInWords(slice.failure.message, jobWords)}</span>{" "}
          <code className="mono">{slice.failure.code}</code>
        </Notice>
      )}
      <LedgerEquation isRunning={!hasEnded(slice.state)} ledger={slice} />
      <Facts className="sm:grid-cols-[112px_1fr_112px_1fr]">
        <Fact name={words.newToSink}>{count(slice.newAtSink)}</Fact>
        <Fact name={words.presentThere}>{count(slice.presentAtSink)}</Fact>
        <Fact name={words.batches}>{words.batchesSent(slice.batches, slice.resent, slice.bytes)} </Fact>
        <Fact name={words.claimed}>{words.claimedTimes(slice.attempt)}</Fact>
        <Fact name={words.started}>
          {slice.startedAt === null ? words.notYet : <Instant at={slice.startedAt} now={now} shown="absolute" />}
        </Fact>
        <Fact name={words.ended}>
          {slice.endedAt === null ? words.notYet : <Instant at={slice.endedAt} now={now} shown="absolute" />}
        </Fact>
      </Facts>
    </div>
  );
}
