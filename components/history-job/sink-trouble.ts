import { countOf } from "@/components/language/counts.ts";
import { durationInWords, momentInWords } from "@/components/language/times.ts";
import type { SinkTroubleDto } from "@/domain/history-job/schema.ts";

/** What stands as a code where no whole answer came. */
const NO_ANSWER = "NoAnswer";

/** "The log service answers WriteQuotaExceed since 12:04 UTC"; `now` is the server's time. */
export function sinkTroubleInWords({ code, openedAt }: SinkTroubleDto, now: string): string {
  const what = code === NO_ANSWER ? "gives no answer" : `answers ${code}`;
  return `The log service ${what} since ${momentInWords(openedAt, now)}`;
}

/** "7 tries, the next in 12 s". `now` is the server's time in milliseconds. */
export function triesInWords({ failures, retryAt }: SinkTroubleDto, now: number): string {
  const wait = Date.parse(retryAt) - now;
  return `${countOf(failures, "try", "tries")}, the next ${wait < 1_000 ? "now" : `in ${durationInWords(wait)}`}`;
}
