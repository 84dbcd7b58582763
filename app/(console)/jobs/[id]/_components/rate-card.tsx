"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useId, useMemo } from "react";
import { jobRateQuery } from "@/components/history-job/history-job-queries.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { cn } from "@/components/ui/class-names.ts";
import { Notice } from "@/components/ui/notice.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { rateSpansOf } from "@/domain/history-job/rate.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { RateTable } from "./rate-table.tsx";
import { jobPageWords } from "./words.ts";

/** As tall as the chart, so that nothing moves when it comes. */
const CHART_HEIGHT = "min-h-[124px]";

function ChartPlace() {
  return <Skeleton className={cn("my-0 w-full", CHART_HEIGHT)} />;
}

const RateChart = dynamic(async () => (await import("./rate-chart.tsx")).RateChart, {
  ssr: false,
  loading: ChartPlace,
});

type RateCardProps = {
  job: Pick<HistoryJobDto, "id" | "run" | "startedAt">;
  isRunning: boolean;
  /** The script of the chart takes long enough to be waited for, so it comes behind what is looked at first. */
  isChartDue: boolean;
};

/** How fast a job has delivered over its runs: drawn, and as a table for who does not see the drawing. */
export function RateCard({ job, isRunning, isChartDue }: RateCardProps) {
  const words = useWords(jobPageWords);
  const tableId = useId();
  const [isTable, setTable] = useQueryState("rate-table", parseAsBoolean.withDefault(false));
  const { data, error, refetch } = useQuery(jobRateQuery(job, isRunning));
  const spans = useMemo(() => rateSpansOf(data?.samples ?? []), [data]);
  return (
    <Card className="min-w-0 px-[18px] py-4">
      <div className="flex flex-wrap items-start gap-x-4">
        <CardTitle>
          {words.rate} <span className="font-normal text-ink-3">{words.rateWhat}</span>
        </CardTitle>
        <Button
          look="quiet"
          size="small"
          // Its room is kept until there is something to tell, so that nothing moves then.
          className={cn("-mt-1 ml-auto max-sm:ml-0 print:hidden", spans.length === 0 && "invisible")}
          aria-expanded={isTable}
          aria-controls={tableId}
          onClick={() => void setTable(!isTable)}
        >
          {isTable ? words.rateHideTable : words.rateShowTable}
        </Button>
      </div>
      {data === undefined && error === null && <ChartPlace />}
      {error !== null && (
        <Notice look="warn" className="mb-2">
          {words.rateFailed}{" "}
          <Button size="small" onClick={() => void refetch()}>
            {words.tryAgain}
          </Button>
        </Notice>
      )}
      {data !== undefined && spans.length === 0 && (
        <p className={cn("text-ink-2", CHART_HEIGHT)}>{isRunning ? words.rateNotYet : words.rateNone}</p>
      )}
      {spans.length > 0 && (isChartDue ? <RateChart spans={spans} /> : <ChartPlace />)}
      <div id={tableId}>{isTable && spans.length > 0 && <RateTable spans={spans} />}</div>
    </Card>
  );
}
