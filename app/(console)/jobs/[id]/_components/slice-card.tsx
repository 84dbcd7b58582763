"use client";

import { parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import type { DeliverySliceDto, HistoryJobDto } from "@/domain/history-job/schema.ts";
import { heightOfCells, SliceCells } from "./slice-cells.tsx";
import { SliceFacts } from "./slice-facts.tsx";
import { type SliceFindings, sliceKey } from "./slice-findings.ts";
import { positionInGrid, sliceGridOf, sliceNameAt } from "./slice-grid.ts";
import { SliceLegend } from "./slice-legend.tsx";
import { jobPageWords } from "./words.ts";

type SliceCardProps = {
  job: Pick<HistoryJobDto, "windowFrom" | "windowTo">;
  /** null until they are read. */
  slices: readonly DeliverySliceDto[] | null;
  /** The last try to read them failed; the next one comes by itself. */
  isFailed: boolean;
  regionCount: number;
  findings: SliceFindings;
  now: string;
};

/** The slice grid, and the facts of the slice that was opened in it, which stands in the address. */
export function SliceCard({ slices, isFailed, regionCount, ...rest }: SliceCardProps) {
  const words = useWords(jobPageWords);
  if (regionCount === 0) {
    return (
      <Card className="px-[18px] py-4">
        <CardTitle>{words.slices}</CardTitle>
        <p className="text-ink-2">{words.noSlices}</p>
      </Card>
    );
  }
  if (slices === null) {
    return (
      <Card className="px-[18px] py-4">
        <CardTitle>{words.slices}</CardTitle>
        {isFailed ? (
          <div style={{ minHeight: heightOfCells(regionCount) }}>
            <Notice look="warn">{words.slicesFailed}</Notice>
          </div>
        ) : (
          <div style={{ height: heightOfCells(regionCount) }}>
            <Skeleton className="h-full w-full" />
          </div>
        )}
        <div className="mt-1.5 text-xs text-ink-3">
          <SliceLegend />
        </div>
      </Card>
    );
  }
  return <Slices slices={slices} {...rest} />;
}

type SlicesProps = Omit<SliceCardProps, "slices" | "isFailed" | "regionCount"> & {
  slices: readonly DeliverySliceDto[];
};

function Slices({ job: { windowFrom, windowTo }, slices, findings, now }: SlicesProps) {
  const words = useWords(jobPageWords);
  const [openedName, setOpenedName] = useQueryState("slice", parseAsString);
  const grid = useMemo(() => sliceGridOf(slices, windowFrom, windowTo), [slices, windowFrom, windowTo]);
  const opened = useMemo(() => positionInGrid(openedName, grid), [openedName, grid]);
  const deliveredCount = slices.filter(({ state }) => state === "complete").length;
  const openedRow = opened === null ? undefined : grid.rows[opened.row];
  const openedDay = opened === null ? undefined : grid.days[opened.column];

  return (
    <Card className="min-w-0 px-[18px] py-4">
      <CardTitle>
        {words.slices}{" "}
        <span className="font-normal text-ink-3">{words.slicesDelivered(deliveredCount, slices.length)}</span>
      </CardTitle>
      <div className="-mx-1 overflow-x-auto px-1 py-0.5 print:overflow-visible">
        <SliceCells
          grid={grid}
          findings={findings}
          opened={opened}
          onOpen={(position) => void setOpenedName(sliceNameAt(position, grid))}
        />
      </div>
      <div className="mt-1.5 text-xs text-ink-3">
        <SliceLegend />
      </div>
      {openedRow !== undefined && openedDay !== undefined && opened !== null && (
        <SliceFacts
          region={openedRow.region}
          day={openedDay}
          slice={openedRow.cells[opened.column] ?? null}
          finding={findings.get(sliceKey({ region: openedRow.region, day: openedDay }))}
          now={now}
          onClose={() => void setOpenedName(null)}
        />
      )}
    </Card>
  );
}
