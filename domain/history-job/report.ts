import { remainingOf } from "./history-job.ts";
import type { DeliverySliceDto, HistoryJobDto, HistoryJobReportDto, SliceVerificationDto } from "./schema.ts";

type ReportFacts = Omit<HistoryJobReportDto, "statements">;
type ReportRow = ReportFacts["slices"][number];
type VerifiedRow = { readonly slice: DeliverySliceDto; readonly found: SliceVerificationDto };

/** The equation of design 3.2, summed over the slices, and whether it holds and says the same as the job. */
export function equationOf(job: HistoryJobDto, slices: readonly DeliverySliceDto[]): HistoryJobReportDto["equation"] {
  const sum = (read: (slice: DeliverySliceDto) => number) => slices.reduce((total, slice) => total + read(slice), 0);
  const terms = {
    expected: sum(({ expected }) => expected),
    delivered: sum(({ delivered }) => delivered),
    undeliverable: sum(({ undeliverable }) => undeliverable),
    gap: sum(({ gap }) => gap),
    remaining: sum(({ remaining }) => remaining),
  };
  const holds =
    remainingOf(terms) === terms.remaining &&
    terms.expected === job.expected &&
    terms.delivered === job.delivered &&
    terms.undeliverable === job.undeliverable &&
    terms.gap === job.gap;
  return { ...terms, holds };
}

/**
 * What a report proves and how, and what it cannot, in sentences for an auditor: first what the job says of itself, then what the
 * logstore was found to hold. Never more than was looked at.
 */
export function statementsOf(facts: ReportFacts): string[] {
  return [...ledgerStatements(facts), ...deliveryStatements(facts), ...proofStatements(facts)];
}

function ledgerStatements({ job, equation, undeliverableReasons }: ReportFacts): string[] {
  const { expected, delivered, undeliverable, gap, remaining, holds } = equation;
  const statements = [
    `Expected ${n(expected)} = delivered ${n(delivered)} + undeliverable ${n(undeliverable)} + gap ${n(gap)} + remaining ${n(remaining)}.` +
      (holds ? "" : ` These figures do not add up, or differ from the job's own: do not rely on this report.`),
    "Expected are the events of the window and the trail's filter that had been recorded when the job was created.",
  ];
  if (job.missingOf !== null) {
    statements.push(`The job covers only the slices in which job ${job.missingOf} was found to miss events.`);
  }
  if (gap > 0) {
    statements.push(
      `${events(gap)} had left history before ${gap === 1 ? "it was" : "they were"} read: history keeps 90 days. Nobody can deliver ${gap === 1 ? "it" : "them"} any more.`,
    );
  }
  if (undeliverable > 0) {
    const kinds = undeliverableReasons.length;
    statements.push(
      `${events(undeliverable)} ${was(undeliverable)} refused by the log service, for ${n(kinds)} ${kinds === 1 ? "reason" : "reasons"}. Each is listed with its reason.`,
    );
  }
  if (remaining > 0) {
    statements.push(
      `${events(remaining)} ${was(remaining)} not tried: ${job.endedAt === null ? "the job has not ended" : `the job ended as ${job.phase}`}.`,
    );
  }
  return statements;
}

function deliveryStatements({ job }: ReportFacts): string[] {
  const statements: string[] = [];
  if (job.presentAtSink > 0) {
    statements.push(
      `Of the delivered events ${n(job.newAtSink)} were new to the logstore and ${n(job.presentAtSink)} were there already, with the same text.`,
    );
  }
  if (job.run > 1) {
    statements.push(
      `The job was retried ${job.run === 2 ? "once" : `${n(job.run - 1)} times`}. The figures are those of all its runs.`,
    );
  }
  if (job.resent > 0) {
    statements.push(
      `${n(job.resent)} ${job.resent === 1 ? "batch was" : "batches were"} sent again, after a refusal or without an answer. A repeat carries the same batch id in the log tag backtrail_batch_id.`,
    );
  }
  if (job.deliveryTimed > 0) {
    statements.push(
      `${n(job.deliveryTimed)} ${job.deliveryTimed === 1 ? "log carries" : "logs carry"} the time of delivery as log time; the event's own time stands in its text.`,
    );
  }
  return statements;
}

/**
 * Whether a comparison saw what the job's last run left. Only then can its counts be held against the job's: what a later run
 * delivered was rightly missing before it.
 */
export function isOfLastRun({ job, verification }: Pick<ReportFacts, "job" | "verification">): boolean {
  return verification !== null && job.endedAt !== null && verification.requestedAt >= job.endedAt;
}

function proofStatements(facts: ReportFacts): string[] {
  const { verification, slices } = facts;
  if (verification === null) {
    return ["What was delivered was not compared with the logstore yet."];
  }
  if (verification.state === "failed") {
    return [`What was delivered could not be compared with the logstore. ${verification.failure ?? ""}`.trim()];
  }
  const rows = slices.flatMap(({ slice, verification: found }: ReportRow) => (found ? [{ slice, found }] : []));
  const at = instantInWords(verification.endedAt ?? verification.startedAt ?? verification.requestedAt);
  const statements: string[] = [];
  const isCurrent = isOfLastRun(facts);
  if (verification.state !== "complete") {
    statements.push(
      `A comparison with the logstore is under way: ${n(verification.slicesDone)} of ${n(verification.slicesTotal)} slices were looked at.`,
    );
  } else if (!isCurrent) {
    statements.push(`The comparison of ${at} is older than the last run of the job. Verify again.`);
  }
  statements.push(
    ...identityStatements(rows, at),
    ...checksumStatements(rows, at, isCurrent),
    ...acknowledgedStatements(rows),
  );
  if (isCurrent) {
    statements.push(...discrepancyStatements(rows));
  }
  statements.push(...checksumVerdict(rows));
  if (verification.arrivedLater !== null && verification.arrivedLater > 0) {
    statements.push(
      `${events(verification.arrivedLater)} of the window, in days that history still keeps, ${was(verification.arrivedLater)} recorded after the job was created. They are no part of it and not missing.`,
    );
  }
  return statements;
}

function identityStatements(all: readonly VerifiedRow[], at: string): string[] {
  const rows = all.filter(({ found }) => found.method === "identity");
  if (rows.length === 0) {
    return [];
  }
  const inHistory = sumOf(rows, ({ found }) => found.inHistory ?? 0);
  const inSink = sumOf(rows, ({ found }) => found.inSink);
  const missing = sumOf(rows, ({ found }) => found.missing ?? 0);
  const conflicts = sumOf(rows, ({ found }) => found.conflicts ?? 0);
  return [
    `${slicesInWords(rows.length)} compared event by event with history at ${at}, by region, time, event id and SHA-256 of the text: of ${events(inHistory)} expected, ${n(inSink)} are in the logstore with the same text, ${n(missing)} are missing, ${n(conflicts)} are there with another text.`,
  ];
}

/**
 * Where history, logstore and deliveries cannot all be as they were. The checksums tell who has changed: where they agree, the
 * logstore holds what was delivered, and it is history that says something else now.
 */
function discrepancyStatements(all: readonly VerifiedRow[]): string[] {
  const rows = all.filter(({ found }) => found.method === "identity");
  const unexplained = ({ slice, found }: VerifiedRow) =>
    Math.max(0, (found.missing ?? 0) + (found.conflicts ?? 0) - slice.undeliverable - slice.remaining);
  const statements: string[] = [];
  const lost = sumOf(rows.filter(isDifferent), unexplained);
  if (lost > 0) {
    statements.push(
      `This does not add up with the deliveries: at least ${events(lost)} that the log service had acknowledged ${lost === 1 ? "is" : "are"} no longer in the logstore as delivered.`,
    );
  }
  const changed = sumOf(
    rows.filter((row) => !isDifferent(row)),
    unexplained,
  );
  if (changed > 0) {
    statements.push(
      `This does not add up with the deliveries, and the logstore holds what was delivered: at least ${events(changed)} ${was(changed)} changed in history, or added to it, since.`,
    );
  }
  const unaccounted = sumOf(rows, ({ slice, found }) =>
    Math.max(0, slice.expected - slice.gap - (found.inHistory ?? 0)),
  );
  if (unaccounted > 0) {
    statements.push(
      `History itself has ${events(unaccounted)} fewer than it had when the job was created, in days that it still keeps. They could not be compared one by one.`,
    );
  }
  return statements;
}

function checksumStatements(all: readonly VerifiedRow[], at: string, isCurrent: boolean): string[] {
  const rows = all.filter(({ found }) => found.method === "checksum");
  if (rows.length === 0) {
    return [];
  }
  const inSink = sumOf(rows, ({ found }) => found.inSink);
  const missing = sumOf(rows, ({ found }) => found.missing ?? 0);
  // As it was then: a later run may have delivered more.
  const delivered = isCurrent ? sumOf(rows, ({ slice }) => slice.delivered) : inSink + missing;
  return [
    `${slicesInWords(rows.length)} compared by count and checksum at ${at}, because history no longer keeps their days: of ${n(delivered)} delivered logs, the logstore has ${n(inSink)} that carry this job's batches; ${n(missing)} are missing. This tells that something was removed or changed, but not which event.`,
  ];
}

function acknowledgedStatements(all: readonly VerifiedRow[]): string[] {
  const rows = all.filter(({ found }) => found.method === "acknowledged");
  if (rows.length === 0) {
    return [];
  }
  return [
    `The log service cannot be read by Backtrail. It acknowledged ${n(sumOf(rows, ({ slice }) => slice.delivered))} logs in ${n(rows.length)} ${rows.length === 1 ? "slice" : "slices"}: each was delivered at least once. Whether it is there only once, and still there, its owner has to look up.`,
  ];
}

/** Slices that are named at most; the table has them all. */
const NAMED_MAX = 5;

function checksumVerdict(all: readonly VerifiedRow[]): string[] {
  const rows = all.filter(({ found }) => found.checksumThere !== null);
  const different = rows.filter(isDifferent);
  if (rows.length === 0) {
    return [];
  }
  if (different.length === 0) {
    return [
      "Checksums agree: the sum of the SHA-256 digests of what was delivered, taken down with each acknowledgement, equals that of the texts that the logstore holds of it.",
    ];
  }
  const names = different.slice(0, NAMED_MAX).map(({ slice }) => `${slice.region} ${slice.day}`);
  const more = different.length - names.length;
  return [
    `Checksums differ in ${n(different.length)} ${different.length === 1 ? "slice" : "slices"}: ${names.join(", ")}${more > 0 ? ` and ${n(more)} more` : ""}. What the logstore holds of the delivered events is not what was delivered.`,
  ];
}

/** Whether the logstore holds something else of the delivered events than was delivered. */
function isDifferent({ found }: VerifiedRow): boolean {
  return found.checksumThere !== null && found.checksumHere !== found.checksumThere;
}

function sumOf(rows: readonly VerifiedRow[], read: (row: VerifiedRow) => number): number {
  return rows.reduce((total, row) => total + read(row), 0);
}

function slicesInWords(count: number): string {
  return count === 1 ? "1 slice was" : `${n(count)} slices were`;
}

function events(count: number): string {
  return count === 1 ? "1 event" : `${n(count)} events`;
}

function was(count: number): string {
  return count === 1 ? "was" : "were";
}

function n(count: number): string {
  return count.toLocaleString("en-US");
}

function instantInWords(instant: string): string {
  return `${instant.slice(0, 19).replace("T", " ")} UTC`;
}
