"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { useMemo } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { listFeatures } from "@/components/table/list-features.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { ClientToken } from "./client-token.tsx";
import { JobNumber, JobPhaseNotes, JobStarted, JobTrail } from "./job-cells.tsx";
import { JobPace } from "./job-pace.tsx";
import { JobProgress } from "./job-progress.tsx";
import { historyJobWords } from "./words.ts";

export const jobFeatures = listFeatures<{ now: string }>();
const column = createColumnHelper<typeof jobFeatures, HistoryJobDto>();

/** The columns of every list of jobs. */
export function useJobColumns() {
  const words = useWords(historyJobWords);
  return useMemo(
    () =>
      column.columns([
        column.accessor("id", {
          id: "job",
          header: words.job,
          meta: { skeleton: ["w-8"], headClassName: "w-[7%]", isTitle: true },
          cell: ({ getValue }) => <JobNumber jobId={getValue()} />,
        }),
        column.accessor("phase", {
          header: words.phase,
          meta: { skeleton: ["w-20"], headClassName: "w-[15%]" },
          cell: ({ row, table }) => <JobPhaseNotes job={row.original} now={table.options.meta?.now ?? ""} />,
        }),
        column.accessor("trailName", {
          id: "trail",
          header: words.trail,
          meta: { skeleton: ["w-28"], headClassName: "w-[15%]" },
          cell: ({ getValue }) => <JobTrail trailName={getValue()} />,
        }),
        column.display({
          id: "progress",
          header: words.progress,
          meta: { skeleton: ["w-40", "w-24"], headClassName: "w-[20%]" },
          cell: ({ row: { original: job } }) => <JobProgress jobId={job.id} phase={job.phase} ledger={job} />,
        }),
        column.accessor("eventsPerSecond", {
          id: "rate",
          header: words.rate,
          meta: {
            skeleton: ["ml-auto w-16 max-lg:ml-0"],
            className: "text-right",
            headClassName: "w-[11%]",
            cellClassName: "tabular-nums",
          },
          cell: ({ row }) => <JobPace job={row.original} />,
        }),
        column.accessor("createdAt", {
          id: "started",
          header: words.started,
          meta: { skeleton: ["w-32", "w-24"], headClassName: "w-[20%]" },
          cell: ({ row, table }) => <JobStarted job={row.original} now={table.options.meta?.now ?? ""} />,
        }),
        column.accessor("clientToken", {
          id: "token",
          header: words.clientToken,
          meta: { skeleton: ["w-20"], headClassName: "w-[12%]" },
          cell: ({ getValue }) => <ClientToken clientToken={getValue()} isShort />,
        }),
      ]),
    [words],
  );
}
