"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { useExactTime } from "@/components/ui/use-exact-time.ts";
import { useNow } from "@/components/ui/use-now.ts";
import type { SinkTroubleDto } from "@/domain/history-job/schema.ts";
import { sinkTroubleInWords, triesInWords, troubleDetailInWords } from "./sink-trouble.ts";
import { historyJobWords } from "./words.ts";

type SinkTroubleProps = {
  trouble: SinkTroubleDto;
  /** The server's time when it was read, ISO 8601. */
  now: string;
  /** When this device got it, in milliseconds of its own clock. */
  updatedAt: number;
};

/** Why nothing is being delivered, in the log service's own words where it has spoken, and when it is tried next. */
export function SinkTrouble({ trouble, now, updatedAt }: SinkTroubleProps) {
  const words = useWords(historyJobWords);
  const detail = troubleDetailInWords(trouble, words);
  const exact = useExactTime(trouble.openedAt);
  const deviceNow = useNow();
  const serverNow = Date.parse(now) + (deviceNow === null ? 0 : Math.max(0, deviceNow - updatedAt));
  return (
    <Notice look="warn" className="px-3.5 py-2.5">
      <span title={exact} className="font-[550]">
        {sinkTroubleInWords(trouble, now, words)}
      </span>{" "}
      <span className="tabular-nums">({triesInWords(trouble, serverNow, words)}).</span> {words.nothingLost}
      {detail !== null && <p className="mt-1 first-letter:uppercase [overflow-wrap:anywhere]">{detail}</p>}
    </Notice>
  );
}
