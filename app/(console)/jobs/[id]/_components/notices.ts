import { countOf } from "@/components/language/counts.ts";
import { momentInWords, secondInWords } from "@/components/language/times.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";

type JobNotice = { readonly look: "plain" | "warn"; readonly words: string };

type Noticed = Pick<HistoryJobDto, "phase" | "claims" | "pausedAt" | "cancelledBy" | "deletedAt" | "endedAt">;

/** After this long a paused job is cancelled (design 3.2). */
const PAUSE_HOURS_MAX = 24;

/** What holds of a job beside its phase, in whole sentences. `now` is the server's time. */
export function noticesOf(job: Noticed, now: string): readonly JobNotice[] {
  return [phaseNotice(job, now), deletedNotice(job)].filter((notice) => notice !== null);
}

function phaseNotice({ phase, claims, pausedAt, cancelledBy, endedAt }: Noticed, now: string): JobNotice | null {
  switch (phase) {
    case "paused": {
      const since = pausedAt === null ? "" : ` since ${momentInWords(pausedAt, now)}`;
      return {
        look: "warn",
        words:
          claims > 0
            ? `Pausing: ${waitOf(claims)}`
            : `Paused${since}. It keeps the account's slot, and is cancelled when it stays paused for ${PAUSE_HOURS_MAX} hours.`,
      };
    }
    case "cancelling": {
      const who = cancelledBy === null ? "Ending early" : `Cancelled by ${cancelledBy}`;
      return { look: "warn", words: claims > 0 ? `${who}: ${waitOf(claims)}` : `${who}. It ends in a moment.` };
    }
    case "cancelled": {
      const who = cancelledBy === null ? "Cancelled" : `Cancelled by ${cancelledBy}`;
      const when = endedAt === null ? "" : `, ended ${secondInWords(endedAt)}`;
      return { look: "plain", words: `${who}${when}. What was delivered stays. It is not taken up again.` };
    }
    default:
      return null;
  }
}

function waitOf(claims: number): string {
  return `waiting for ${countOf(claims, "slice", "slices")} whose last batch is on the wire.`;
}

function deletedNotice({ deletedAt }: Noticed): JobNotice | null {
  return deletedAt === null
    ? null
    : {
        look: "plain",
        words: `Deleted ${secondInWords(deletedAt)}. The API shows it no more; its report stays here, read-only.`,
      };
}
