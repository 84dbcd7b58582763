import { trailArn } from "@/domain/trail/trail.ts";
import { CSV_HEAD, csvLine } from "./csv.ts";
import { isOfLastRun } from "./report.ts";
import type { HistoryJobReportDto } from "./schema.ts";

type Cell = string | number | boolean | null;
type Report = HistoryJobReportDto;
type Row = Report["slices"][number];

/**
 * Facts of the job first, the same in every row, so that each row speaks for itself and the reports of many jobs can be put one
 * below the other. Account ids and checksums never stand alone as digits: a spreadsheet would round them.
 */
const JOB_COLUMNS: readonly (readonly [name: string, read: (report: Report) => Cell])[] = [
  ["generated_at", ({ generatedAt }) => generatedAt],
  ["job_id", ({ job }) => job.id],
  ["trail_arn", ({ accountId, job }) => trailArn(job.homeRegion, accountId, job.trailName)],
  ["log_project", ({ job }) => job.projectName],
  ["log_project_region", ({ job }) => job.projectRegion],
  ["logstore", ({ job }) => job.logstoreName],
  ["event_rw", ({ job }) => job.eventRW],
  ["window_from", ({ job }) => job.windowFrom],
  ["window_to", ({ job }) => job.windowTo],
  ["job_created_at", ({ job }) => job.createdAt],
  ["job_created_by", ({ job }) => job.createdBy],
  ["job_created_from", ({ job }) => job.createdFrom],
  ["reason", ({ job }) => job.reason],
  ["client_token", ({ job }) => job.clientToken],
  ["job_started_at", ({ job }) => job.startedAt],
  ["job_ended_at", ({ job }) => job.endedAt],
  ["job_phase", ({ job }) => job.phase],
  ["job_run", ({ job }) => job.run],
  ["missing_of_job", ({ job }) => job.missingOf],
];

const SLICE_COLUMNS: readonly (readonly [name: string, read: (report: Report, row: Row) => Cell])[] = [
  ["region", (_, { slice }) => slice.region],
  ["day", (_, { slice }) => slice.day],
  ["state", (_, { slice }) => slice.state],
  ["expected", (_, { slice }) => slice.expected],
  ["delivered", (_, { slice }) => slice.delivered],
  ["new_at_sink", (_, { slice }) => slice.newAtSink],
  ["present_at_sink", (_, { slice }) => slice.presentAtSink],
  ["undeliverable", (_, { slice }) => slice.undeliverable],
  ["gap", (_, { slice }) => slice.gap],
  ["remaining", (_, { slice }) => slice.remaining],
  ["bytes", (_, { slice }) => slice.bytes],
  ["batches", (_, { slice }) => slice.batches],
  ["batches_sent_again", (_, { slice }) => slice.resent],
  ["logs_with_delivery_time", (_, { slice }) => slice.deliveryTimed],
  ["started_at", (_, { slice }) => slice.startedAt],
  ["ended_at", (_, { slice }) => slice.endedAt],
  ["failure_code", (_, { slice }) => slice.failure?.code ?? null],
  ["failure_message", (_, { slice }) => slice.failure?.message ?? null],
  ["verified_at", ({ verification }, row) => row.verification && (verification?.endedAt ?? null)],
  ["verification_method", (_, { verification }) => verification?.method ?? null],
  ["in_history", (_, { verification }) => verification?.inHistory ?? null],
  ["in_sink", (_, { verification }) => verification?.inSink ?? null],
  ["missing", (_, { verification }) => verification?.missing ?? null],
  ["conflicts", (_, { verification }) => verification?.conflicts ?? null],
  ["checksum_here", (_, { verification }) => verification && asHex(verification.checksumHere)],
  ["checksum_there", (_, { verification }) => asHex(verification?.checksumThere ?? null)],
  [
    "checksums_equal",
    (_, { verification }) =>
      verification === null || verification.checksumThere === null
        ? null
        : verification.checksumHere === verification.checksumThere,
  ],
];

/**
 * The report as a table: one header, one row per slice, no row of totals, so that a sum over a column is the job's own count and a
 * filter never adds a total to its parts. A job without slices has one row all the same, with its own facts only. What was found
 * before the job's last run is left out: beside its counts it would say something else than either. In UTF-8 with a byte order mark.
 */
export function reportAsCsv(report: HistoryJobReportDto): string {
  const header = [...JOB_COLUMNS, ...SLICE_COLUMNS].map(([name]) => name);
  const ofJob = JOB_COLUMNS.map(([, read]) => read(report));
  const ofSlices = report.slices
    .map((row) => (isOfLastRun(report) ? row : { ...row, verification: null }))
    .map((row) => SLICE_COLUMNS.map(([, read]) => read(report, row)));
  const rows = ofSlices.length === 0 ? [SLICE_COLUMNS.map(() => null)] : ofSlices;
  return [CSV_HEAD, csvLine(header), ...rows.map((row) => csvLine([...ofJob, ...row]))].join("");
}

function asHex(checksum: string | null): string | null {
  return checksum === null ? null : `0x${checksum}`;
}
