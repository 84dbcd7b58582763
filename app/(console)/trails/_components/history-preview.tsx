import type { ReactNode } from "react";
import { inGroups } from "@/components/ui/count.ts";
import { Notice } from "@/components/ui/notice.tsx";
import { PollError } from "@/components/ui/poll.ts";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import type { HistoryPreviewDto } from "@/domain/history-job/schema.ts";

type HistoryPreviewProps = {
  /** Null where there is no window to count in, absent while it is counted. */
  preview: HistoryPreviewDto | null | undefined;
  error: Error | null;
  regions: ReactNode;
  eventRW: string;
};

/** What would be sent. A count that is late or missing keeps nobody from starting. */
export function HistoryPreview({ preview, error, regions, eventRW }: HistoryPreviewProps) {
  return (
    <div className="grid gap-2.5">
      <dl className="grid grid-cols-3 rounded-control border border-line max-sm:grid-cols-1">
        <Figure name="Events to send">
          {error !== null || preview === null ? (
            "Not counted"
          ) : preview === undefined ? (
            <Skeleton className="my-[5px] w-24" />
          ) : (
            inGroups(preview.expected)
          )}
        </Figure>
        <Figure name="Regions">{regions}</Figure>
        <Figure name="Event type">{eventRW}</Figure>
      </dl>
      {preview?.expected === 0 && (
        <Notice>Nothing to send: no event of this window is in history. A job would end at once.</Notice>
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

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="border-line px-3 py-2 not-last:border-r max-sm:not-last:border-r-0 max-sm:not-last:border-b">
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="text-[15px] leading-[1.4] font-semibold tracking-[-0.01em] break-words">{children}</dd>
    </div>
  );
}
