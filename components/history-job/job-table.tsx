"use client";

import type { ReactNode } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { ClientToken } from "./client-token.tsx";
import { JobNumber, JobPhaseNotes, JobStarted, JobTrail } from "./job-cells.tsx";
import { JobPace } from "./job-pace.tsx";
import { JobProgress } from "./job-progress.tsx";
import { historyJobWords } from "./words.ts";

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
  const words = useWords(historyJobWords);
  return (
    <JobTableFrame>
      {SKELETON_ROWS.map((row) => (
        <TableRow key={row}>
          <TableCell>
            <Skeleton className="w-8" />
          </TableCell>
          <TableCell label={words.phase}>
            <Skeleton className="w-20" />
          </TableCell>
          <TableCell label={words.trail}>
            <Skeleton className="w-28" />
          </TableCell>
          <TableCell label={words.progress}>
            <Skeleton className="w-40" />
            <Skeleton className="w-24" />
          </TableCell>
          <TableCell label={words.rate}>
            <Skeleton className="ml-auto w-16 max-sm:ml-0" />
          </TableCell>
          <TableCell label={words.started}>
            <Skeleton className="w-32" />
            <Skeleton className="w-24" />
          </TableCell>
          <TableCell label={words.clientToken}>
            <Skeleton className="w-20" />
          </TableCell>
        </TableRow>
      ))}
    </JobTableFrame>
  );
}

function JobTableFrame({ children }: { children: ReactNode }) {
  const words = useWords(historyJobWords);
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{words.job}</TableHeader>
            <TableHeader>{words.phase}</TableHeader>
            <TableHeader>{words.trail}</TableHeader>
            <TableHeader>{words.progress}</TableHeader>
            <TableHeader className="text-right">{words.rate}</TableHeader>
            <TableHeader>{words.started}</TableHeader>
            <TableHeader>{words.clientToken}</TableHeader>
          </tr>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </Card>
  );
}

function JobRow({ job, now }: { job: HistoryJobDto; now: string }) {
  const words = useWords(historyJobWords);
  return (
    <TableRow>
      <TableCell>
        <JobNumber jobId={job.id} />
      </TableCell>
      <TableCell label={words.phase}>
        <JobPhaseNotes job={job} now={now} />
      </TableCell>
      <TableCell label={words.trail}>
        <JobTrail trailName={job.trailName} />
      </TableCell>
      <TableCell label={words.progress}>
        <JobProgress jobId={job.id} phase={job.phase} ledger={job} />
      </TableCell>
      <TableCell label={words.rate} className="text-right tabular-nums">
        <JobPace job={job} />
      </TableCell>
      <TableCell label={words.started}>
        <JobStarted job={job} now={now} />
      </TableCell>
      <TableCell label={words.clientToken}>
        <ClientToken clientToken={job.clientToken} isShort />
      </TableCell>
    </TableRow>
  );
}
