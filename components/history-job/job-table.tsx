import Link from "next/link";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { ClientToken } from "./client-token.tsx";
import { JobPace } from "./job-pace.tsx";
import { JobProgress } from "./job-progress.tsx";
import { holdInWords, lossInWords } from "./job-words.ts";
import { PhaseMark } from "./phase-mark.tsx";

type JobTableProps = { jobs: readonly HistoryJobDto[]; now: string };

export function JobTable({ jobs, now }: JobTableProps) {
  return (
    <JobTableFrame>
      {jobs.map((job) => (
        <JobRow key={job.id} job={job} now={now} />
      ))}
    </JobTableFrame>
  );
}

const SKELETON_ROWS = ["first", "second", "third", "fourth", "fifth"];

/** The table's skeleton twin. */
export function JobTableSkeleton() {
  return (
    <JobTableFrame>
      {SKELETON_ROWS.map((row) => (
        <TableRow key={row}>
          <TableCell>
            <Skeleton className="w-8" />
          </TableCell>
          <TableCell label="Phase">
            <Skeleton className="w-20" />
          </TableCell>
          <TableCell label="Trail">
            <Skeleton className="w-28" />
          </TableCell>
          <TableCell label="Progress">
            <Skeleton className="w-40" />
            <Skeleton className="w-24" />
          </TableCell>
          <TableCell label="Rate">
            <Skeleton className="ml-auto w-16 max-sm:ml-0" />
          </TableCell>
          <TableCell label="Started">
            <Skeleton className="w-32" />
            <Skeleton className="w-24" />
          </TableCell>
          <TableCell label="Client token">
            <Skeleton className="w-20" />
          </TableCell>
        </TableRow>
      ))}
    </JobTableFrame>
  );
}

function JobTableFrame({ children }: { children: ReactNode }) {
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>Job</TableHeader>
            <TableHeader>Phase</TableHeader>
            <TableHeader>Trail</TableHeader>
            <TableHeader>Progress</TableHeader>
            <TableHeader className="text-right">Rate</TableHeader>
            <TableHeader>Started</TableHeader>
            <TableHeader>Client token</TableHeader>
          </tr>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </Card>
  );
}

function JobRow({ job, now }: { job: HistoryJobDto; now: string }) {
  return (
    <TableRow>
      <TableCell>
        <Link href={`/jobs/${job.id}`} className="font-semibold tabular-nums underline-offset-2 hover:underline">
          <span className="sm:sr-only">Job </span>
          {job.id}
        </Link>
      </TableCell>
      <TableCell label="Phase">
        <div>
          <PhaseMark phase={job.phase} claims={job.claims} />
          {noteOf(job, now).map((note) => (
            <div key={note} className="text-xs text-ink-3">
              {note}
            </div>
          ))}
        </div>
      </TableCell>
      <TableCell label="Trail">
        <Link href={`/trails/${job.trailName}`} className="break-words underline-offset-2 hover:underline">
          {job.trailName}
        </Link>
      </TableCell>
      <TableCell label="Progress">
        <JobProgress jobId={job.id} phase={job.phase} ledger={job} />
      </TableCell>
      <TableCell label="Rate" className="text-right tabular-nums">
        <JobPace job={job} />
      </TableCell>
      <TableCell label="Started">
        <div>
          <Instant at={job.createdAt} now={now} shown="absolute" />
          <div className="text-xs break-words text-ink-3">
            <Instant at={job.createdAt} now={now} shown="relative" /> by {job.createdBy}
          </div>
        </div>
      </TableCell>
      <TableCell label="Client token">
        <ClientToken clientToken={job.clientToken} isShort />
      </TableCell>
    </TableRow>
  );
}

/** What the phase alone does not say. */
function noteOf(job: HistoryJobDto, now: string): string[] {
  return [
    holdInWords(job, now),
    lossInWords(job),
    job.phase === "cancelled" && job.cancelledBy !== null ? `by ${job.cancelledBy}` : null,
    job.deletedAt === null ? null : "deleted",
  ].filter((note) => note !== null);
}
