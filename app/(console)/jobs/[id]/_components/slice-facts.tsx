import { LedgerEquation } from "@/components/history-job/ledger-equation.tsx";
import { inBytes, inGroups } from "@/components/language/counts.ts";
import { dayOfYearInWords } from "@/components/language/times.ts";
import { Button } from "@/components/ui/button.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { hasEnded } from "@/domain/history-job/history-job.ts";
import type { DeliverySliceDto, SliceVerificationDto } from "@/domain/history-job/schema.ts";
import { SliceProof } from "./slice-proof.tsx";
import { SLICE_STATE_LOOKS } from "./slice-words.ts";

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
  return (
    <section aria-label={`Slice ${region}, ${dayOfYearInWords(day)}`} className="mt-4 border-t border-line pt-3.5">
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="font-semibold">
          <span className="mono">{region}</span>, {dayOfYearInWords(day)} UTC
        </h3>
        {slice !== null && (
          <StateMark shape={SLICE_STATE_LOOKS[slice.state].shape} tone={SLICE_STATE_LOOKS[slice.state].tone}>
            {SLICE_STATE_LOOKS[slice.state].word}
          </StateMark>
        )}
        <Button look="quiet" size="small" className="ml-auto" onClick={onClose}>
          Close slice
        </Button>
      </div>
      {slice === null ? (
        <p className="text-ink-2">No event of this region and day belongs to the job.</p>
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
  return (
    <div className="grid gap-3.5">
      {slice.failure !== null && (
        <Notice look={slice.state === "failed" ? "bad" : "warn"}>
          <span className="font-[550]">{slice.failure.message}</span> <code className="mono">{slice.failure.code}</code>
        </Notice>
      )}
      <LedgerEquation isRunning={!hasEnded(slice.state)} ledger={slice} />
      <Facts className="sm:grid-cols-[112px_1fr_112px_1fr]">
        <Fact name="New to it">{inGroups(slice.newAtSink)}</Fact>
        <Fact name="Already there">{inGroups(slice.presentAtSink)}</Fact>
        <Fact name="Batches">
          {inGroups(slice.batches)} sent, {inGroups(slice.resent)} sent again, {inBytes(slice.bytes)}
        </Fact>
        <Fact name="Claimed">{slice.attempt === 1 ? "once" : `${inGroups(slice.attempt)} times`}</Fact>
        <Fact name="Started">
          {slice.startedAt === null ? "Not yet" : <Instant at={slice.startedAt} now={now} shown="absolute" />}
        </Fact>
        <Fact name="Ended">
          {slice.endedAt === null ? "Not yet" : <Instant at={slice.endedAt} now={now} shown="absolute" />}
        </Fact>
      </Facts>
    </div>
  );
}
