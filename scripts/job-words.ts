import type { DomainError, JobStatusReason } from "@/domain/errors.ts";
import { progressOf } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDetailDto, HistoryJobDto, SinkTroubleDto } from "@/domain/history-job/schema.ts";
import { grouped } from "./progress-bar.ts";

const WHY: Readonly<Record<JobStatusReason, string>> = {
  "job-ended": "has ended already",
  "job-running": "has not ended yet",
  "job-ending": "is ending already",
  "job-complete": "has delivered every event, so there is nothing to retry",
  "job-cancelled": "was cancelled, and a cancelled job is not taken up again",
  "job-deleted": "was deleted; its report stays, but nothing more can be done with it",
  "nothing-to-retry": "has nothing left to send: what is missing is no longer in history",
  "not-verified": "was not compared with its logstore yet",
  "nothing-missing": "has nothing missing that history still keeps",
};

/** One sentence for the person at the command line; null for a refusal that these commands do not know. */
export function refusalInWords({ code, details }: DomainError, jobId: number): string | null {
  switch (code) {
    case "DeliveryHistoryJobNotFound":
      return details.why === "job-deleted"
        ? `Job ${jobId} was deleted already.`
        : `There is no job ${jobId} in this account.`;
    case "IncorrectDeliveryHistoryJobStatus": {
      const why = Object.entries(WHY).find(([reason]) => reason === details.why)?.[1];
      return `Job ${jobId} ${why ?? "is not in a state for that"}.`;
    }
    case "MaximumNumberOfDeliveryHistoryJobsExceededException":
      return `Job ${details.jobId} holds the account's slot: wait until it has ended, or cancel it.`;
    case "TrailNotValid":
      return `The log project of job ${jobId} is not known to the account any more.`;
    case "ServiceUnavailable":
      return "Too many others wanted the account's slot at the same moment: try again.";
    default:
      return null;
  }
}

/** What has become of a job: its phase, and what it waits for when it waits. */
export function stateInWords(job: HistoryJobDto): string {
  const slices = job.claims === 1 ? "1 slice that a worker holds" : `${job.claims} slices that workers hold`;
  const deleted = job.deletedAt === null ? "" : ", deleted";
  switch (job.phase) {
    case "cancelling":
      return `cancelling${deleted}; ${job.claims > 0 ? `it waits for ${slices}` : "it ends in a moment"}`;
    case "paused":
      return job.claims > 0 ? `paused; batches on their way are still answered, in ${slices}` : "paused";
    default:
      return `${job.phase}${deleted}`;
  }
}

/** One line of a list of jobs. */
export function jobInLine(job: HistoryJobDto): string {
  const columns = [
    String(job.id).padStart(6),
    (job.deletedAt === null ? job.phase : `${job.phase}*`).padEnd(11),
    `${Math.floor(progressOf(job) * 100)}%`.padStart(4),
    grouped(job.expected).padStart(13),
    minuteOf(job.createdAt),
    job.trailName,
  ];
  return columns.join("  ");
}

export const LIST_HEAD = "   job  phase        done       events  created (UTC)     trail";
export const LIST_FOOT = "* deleted";

/** A job in lines of name and value, and what is wrong with its sink while something is. */
export function jobInLines({ job, sinkTrouble }: Pick<HistoryJobDetailDto, "job" | "sinkTrouble">): string[] {
  const facts: readonly (readonly [name: string, value: string | null])[] = [
    ["job", String(job.id)],
    ["trail", job.trailName],
    ["logstore", `${job.logstoreName} in ${job.projectName} (${job.projectRegion})`],
    ["window", `${job.windowFrom} to ${job.windowTo}`],
    ["phase", stateInWords(job)],
    ["failure", job.failure && `${job.failure.code}: ${job.failure.message}`],
    ["log service", sinkTrouble && troubleInWords(sinkTrouble)],
    ["run", job.run === 1 ? null : String(job.run)],
    ["expected", grouped(job.expected)],
    [
      "delivered",
      `${grouped(job.delivered)} (${grouped(job.newAtSink)} new, ${grouped(job.presentAtSink)} already there)`,
    ],
    ["undeliverable", grouped(job.undeliverable)],
    ["gap", grouped(job.gap)],
    ["remaining", grouped(job.remaining)],
    ["ceiling", job.eventsPerSecondMax === null ? null : `${grouped(job.eventsPerSecondMax)} events/s`],
    ["created", `${job.createdAt} by ${job.createdBy}`],
    ["reason", job.reason],
    ["started", job.startedAt],
    ["paused", job.pausedAt],
    ["ended", job.endedAt],
    ["cancelled by", job.cancelledBy],
    ["deleted", job.deletedAt],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(14)} ${value}`]));
}

function troubleInWords({ code, message, openedAt, failures, retryAt }: SinkTroubleDto): string {
  const tries = failures === 1 ? "1 try" : `${grouped(failures)} tries`;
  return `${code} since ${openedAt}, ${tries}, the next not before ${retryAt}: ${message}`;
}

function minuteOf(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;
}
