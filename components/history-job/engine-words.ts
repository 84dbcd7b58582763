import type { HistoryJobWords } from "./words.ts";

/** Texts of the engine itself, as they are stored in English; the groups are what each speaks of. */
const TEXTS: readonly (readonly [RegExp, (words: HistoryJobWords["engine"], groups: readonly string[]) => string])[] = [
  [/^LogConflict: the logstore already has this event with another text\.$/, ({ conflict }) => conflict],
  [/^Other reasons$/, ({ otherReasons }) => otherReasons],
  [
    /^The job was paused for ([0-9]+) hours and was cancelled, so that the account's slot is free again\.$/,
    ({ pausedTooLong }, [hours = ""]) => pausedTooLong(Number(hours)),
  ],
  [
    /^no acknowledgement for 6 hours; the last answer: (.*)$/s,
    ({ noAcknowledgement }, [lastAnswer = ""]) => noAcknowledgement(lastAnswer),
  ],
  [/^The log service took a batch but did not account for all of its logs\.$/, ({ miscount }) => miscount],
  [
    /^The log project (\S+) in (\S+) is not known to Backtrail\.$/,
    ({ unknownProject }, [project = "", region = ""]) => unknownProject(project, region),
  ],
];

/**
 * Why an event or a job was refused: what the engine says by itself in the reader's language, and the log service's own words as
 * they came.
 */
export function reasonInWords(reason: string, { engine }: HistoryJobWords): string {
  for (const [pattern, write] of TEXTS) {
    const match = pattern.exec(reason);
    if (match !== null) {
      return write(engine, match.slice(1));
    }
  }
  return reason;
}
