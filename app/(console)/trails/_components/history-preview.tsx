import type { ReactNode } from "react";
import { inGroups } from "@/components/language/counts.ts";
import { clockInWords } from "@/components/language/times.ts";
import { Notice } from "@/components/ui/notice.tsx";
import { PollError } from "@/components/ui/poll.ts";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import type { HistoryPreviewDto } from "@/domain/history-job/schema.ts";
import { newToSink } from "./new-to-sink.ts";
import { PreviewDays } from "./preview-days.tsx";

type HistoryPreviewProps = {
  /** Null where there is no window to count in, absent while it is counted. */
  preview: HistoryPreviewDto | null | undefined;
  error: Error | null;
};

/** What would be sent, and how much of it is there already. A count that is late or missing keeps nobody from starting. */
export function HistoryPreview({ preview, error }: HistoryPreviewProps) {
  const shown = error === null ? preview : null;
  return (
    <div className="grid gap-2.5">
      <dl className="grid grid-cols-3 rounded-control border border-line max-sm:grid-cols-1">
        <Figure name="In history">{figureOf(shown, ({ expected }) => inGroups(expected))}</Figure>
        <Figure name="Already in the logstore">{figureOf(shown, ({ inSink }) => countOrUnknown(inSink))}</Figure>
        <Figure name="New to it">{figureOf(shown, (counted) => countOrUnknown(newToSink(counted)))}</Figure>
      </dl>
      {shown?.expected === 0 && (
        <Notice>Nothing to send: no event of this window is in history. A job would end at once.</Notice>
      )}
      {shown != null && shown.expected > 0 && (
        <>
          <p className="text-xs text-ink-3">
            As of {clockInWords(shown.asOf)}.
            {shown.inSink === null && " What the logstore has already cannot be counted from here."}
          </p>
          <PreviewDays days={shown.days} />
        </>
      )}
      {error !== null && (
        <Notice look="warn">
          {error instanceof PollError && error.why === "refused"
            ? error.message
            : "The events could not be counted just now. You can still start: the job counts them itself."}
        </Notice>
      )}
    </div>
  );
}

function figureOf(
  preview: HistoryPreviewDto | null | undefined,
  words: (preview: HistoryPreviewDto) => string,
): ReactNode {
  if (preview === undefined) {
    return <Skeleton className="my-[5px] w-24" />;
  }
  return preview === null ? "Not counted" : words(preview);
}

function countOrUnknown(count: number | null): string {
  return count === null ? "Not known" : inGroups(count);
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="border-line px-3 py-2 not-last:border-r max-sm:not-last:border-r-0 max-sm:not-last:border-b">
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="text-[15px] leading-[1.4] font-semibold tracking-[-0.01em] break-words tabular-nums">
        {children}
      </dd>
    </div>
  );
}
