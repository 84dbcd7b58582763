"use client";

import { type KeyboardEvent, useRef, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { cn } from "@/components/ui/class-names.ts";
import { progressOf } from "@/domain/history-job/history-job.ts";
import type { DeliverySliceDto } from "@/domain/history-job/schema.ts";
import { isDifferent, type SliceFindings, sliceKey } from "./slice-findings.ts";
import { type CellPosition, moveByKey, type SliceGrid } from "./slice-grid.ts";
import { SLICE_STATE_LOOKS, SLICE_STATE_SIGNS } from "./slice-looks.ts";
import { type JobPageWords, jobPageWords } from "./words.ts";

type SliceCellsProps = {
  grid: SliceGrid;
  findings: SliceFindings;
  opened: CellPosition | null;
  onOpen: (position: CellPosition) => void;
};

/** The cells as one stop of the Tab key: arrow keys, Home and End move inside, Enter opens. */
export function SliceCells({ grid, findings, opened, onOpen }: SliceCellsProps) {
  const words = useWords(jobPageWords);
  const [focused, setFocused] = useState<CellPosition>({ row: 0, column: 0 });
  const table = useRef<HTMLTableElement>(null);

  const move = (event: KeyboardEvent, from: CellPosition) => {
    const to = moveByKey(event.key, from, grid);
    if (to !== null) {
      event.preventDefault();
      setFocused(to);
      table.current?.rows[to.row]?.cells[to.column + 1]?.querySelector("button")?.focus();
    }
  };

  return (
    <table
      ref={table}
      aria-label={words.gridLabel}
      className="w-full min-w-[662px] table-fixed border-separate border-spacing-x-0 border-spacing-y-[3px]"
    >
      <tbody>
        {grid.rows.map(({ region, cells }, row) => (
          <tr key={region}>
            <th
              scope="row"
              title={region}
              className="mono sticky left-0 w-[122px] overflow-hidden bg-card pr-2.5 text-left leading-[18px] font-normal text-ellipsis whitespace-nowrap text-ink-2"
            >
              {region}
            </th>
            {cells.map((slice, column) => {
              const day = grid.days[column] ?? "";
              const finding = findings.get(sliceKey({ region, day }));
              const isOff = slice?.state === "complete" && finding !== undefined && isDifferent(slice, finding);
              return (
                <td key={day} className="p-0 pr-px">
                  <SliceCell
                    slice={slice}
                    label={words.cell(region, day, sliceInWords(slice, isOff, words))}
                    isOff={isOff}
                    isStop={focused.row === row && focused.column === column}
                    isOpened={opened?.row === row && opened.column === column}
                    onKeyDown={(event) => move(event, { row, column })}
                    onOpen={() => {
                      setFocused({ row, column });
                      onOpen({ row, column });
                    }}
                  />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type SliceCellProps = {
  slice: DeliverySliceDto | null;
  label: string;
  /** It was delivered, and its logstore was found to hold something else. */
  isOff: boolean;
  isStop: boolean;
  isOpened: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
  onOpen: () => void;
};

function SliceCell({ slice, label, isOff, isStop, isOpened, onKeyDown, onOpen }: SliceCellProps) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      aria-pressed={isOpened}
      tabIndex={isStop ? 0 : -1}
      onKeyDown={onKeyDown}
      onClick={onOpen}
      className={cn(
        "relative grid h-[18px] w-full place-items-center overflow-hidden rounded-cell border text-[10px] leading-none font-bold focus-visible:z-10 focus-visible:outline-offset-1 aria-pressed:outline-2 aria-pressed:outline-ink",
        slice === null
          ? "border-dashed border-line bg-transparent"
          : SLICE_STATE_LOOKS[isOff ? "failed" : slice.state].cell,
      )}
    >
      {slice?.state === "delivering" && (
        <span
          aria-hidden
          className="absolute inset-0 origin-left bg-run/55 motion-safe:transition-transform motion-safe:duration-150"
          style={{ transform: `scaleX(${progressOf(slice)})` }}
        />
      )}
      {slice !== null && SLICE_STATE_SIGNS[isOff ? "failed" : slice.state]}
    </button>
  );
}

function sliceInWords(slice: DeliverySliceDto | null, isOff: boolean, words: JobPageWords): string {
  if (slice === null) {
    return words.cellNone;
  }
  const state = words.cellState(words.sliceStates[slice.state], slice.delivered, slice.expected);
  return isOff ? words.cellDiffers(state) : state;
}
