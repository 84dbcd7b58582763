"use client";

import type { ReactNode } from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { refusalIn } from "@/components/ui/poll.ts";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { ToldTime } from "@/components/ui/told-time.tsx";
import type { HistoryPreviewDto } from "@/domain/history-job/schema.ts";
import { leavingHistory } from "./leaving-history.ts";
import { newToSink } from "./new-to-sink.ts";
import { PreviewChart } from "./preview-chart.tsx";
import { PreviewDays } from "./preview-days.tsx";
import { redeliverWords } from "./words.ts";

type HistoryPreviewProps = {
  /** Null where there is no window to count in, absent while it is counted. */
  preview: HistoryPreviewDto | null | undefined;
  error: Error | null;
};

/** What would be sent, and how much of it is there already. A count that is late or missing keeps nobody from starting. */
export function HistoryPreview({ preview, error }: HistoryPreviewProps) {
  const words = useWords(redeliverWords);
  const formats = useFormats();
  // What was counted before stays, with its time, when it can't be counted again.
  const shown = preview === undefined && error !== null ? null : preview;
  const leaving = shown == null ? null : leavingHistory(shown);
  const figureOf = (read: (preview: HistoryPreviewDto) => number | null): ReactNode => {
    if (shown === undefined) {
      return <Skeleton className="my-[5px] w-24" />;
    }
    if (shown === null) {
      return words.notCounted;
    }
    const count = read(shown);
    return count === null ? words.notKnown : formats.count(count);
  };
  return (
    <div className="grid gap-2.5">
      <PreviewChart preview={shown} />
      <dl className="grid grid-cols-3 rounded-control border border-line max-sm:grid-cols-1">
        <Figure name={words.inHistory}>{figureOf(({ expected }) => expected)}</Figure>
        <Figure name={words.inLogstore}>{figureOf(({ inSink }) => inSink)}</Figure>
        <Figure name={words.newToIt} how={words.byCount}>
          {figureOf(newToSink)}
        </Figure>
      </dl>
      {shown?.expected === 0 && <Notice>{words.nothingToSend}</Notice>}
      {leaving !== null && <Notice look="warn">{words.leaving(leaving)}</Notice>}
      {shown != null && shown.expected > 0 && (
        <>
          <p className="text-xs text-ink-3">
            <ToldTime at={shown.asOf}>{words.asOf(shown.asOf)}</ToldTime> {shown.inSink === null && words.sinkUncounted}
          </p>
          <PreviewDays days={shown.days} />
        </>
      )}
      {error !== null && <Notice look="warn">{refusalIn(error) ?? words.uncounted}</Notice>}
    </div>
  );
}

type FigureProps = { name: string; how?: string; children: ReactNode };

function Figure({ name, how, children }: FigureProps) {
  return (
    <div className="border-line px-3 py-2 not-last:border-r max-sm:not-last:border-r-0 max-sm:not-last:border-b">
      <dt className="text-sm text-ink-3">
        {name} {how !== undefined && <span className="text-xs">{how}</span>}
      </dt>
      <dd className="text-[15px] leading-[1.4] font-semibold tracking-[-0.01em] break-words tabular-nums">
        {children}
      </dd>
    </div>
  );
}
