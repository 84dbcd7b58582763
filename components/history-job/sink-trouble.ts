import type { SinkTroubleDto } from "@/domain/history-job/schema.ts";
import { reasonInWords } from "./engine-words.ts";
import type { HistoryJobWords } from "./words.ts";

/** What stands as a code where no whole answer came. */
const NO_ANSWER = "NoAnswer";

/** "The log service answers WriteQuotaExceed since 12:04 UTC"; `now` is the server's time. */
export function sinkTroubleInWords({ code, openedAt }: SinkTroubleDto, now: string, words: HistoryJobWords): string {
  return code === NO_ANSWER ? words.sinkSilent(openedAt, now) : words.sinkAnswers(code, openedAt, now);
}

/** "7 tries, the next in 12 s". `now` is the server's time in milliseconds. */
export function triesInWords({ failures, retryAt }: SinkTroubleDto, now: number, words: HistoryJobWords): string {
  const wait = Date.parse(retryAt) - now;
  return wait < 1_000 ? words.triesNextNow(failures) : words.triesNextIn(failures, wait);
}

/** What is known beyond that, null when nothing is: the log service's words are quoted, the engine's own about a silence are not. */
export function troubleDetailInWords(
  { code, message }: Pick<SinkTroubleDto, "code" | "message">,
  words: HistoryJobWords,
): string | null {
  if (message === "") {
    return null;
  }
  return code === NO_ANSWER ? reasonInWords(message, words) : words.quoted(message);
}
