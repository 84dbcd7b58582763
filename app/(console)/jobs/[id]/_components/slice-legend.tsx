import { useWords } from "@/components/language/language-provider.tsx";
import { cn } from "@/components/ui/class-names.ts";
import { SLICE_STATE_LOOKS, SLICE_STATE_SIGNS } from "./slice-looks.ts";
import { jobPageWords } from "./words.ts";

const ENTRIES = [
  { word: "waiting" as const, cell: SLICE_STATE_LOOKS.waiting.cell, sign: "" },
  {
    word: "delivering" as const,
    cell: cn(SLICE_STATE_LOOKS.delivering.cell, "bg-linear-to-r from-run/55 from-50% to-transparent to-50%"),
    sign: SLICE_STATE_SIGNS.delivering,
  },
  { word: "delivered" as const, cell: SLICE_STATE_LOOKS.complete.cell, sign: SLICE_STATE_SIGNS.complete },
  { word: "incomplete" as const, cell: SLICE_STATE_LOOKS.incomplete.cell, sign: SLICE_STATE_SIGNS.incomplete },
  { word: "failed" as const, cell: SLICE_STATE_LOOKS.failed.cell, sign: SLICE_STATE_SIGNS.failed },
  { word: "stopped" as const, cell: SLICE_STATE_LOOKS.stopped.cell, sign: SLICE_STATE_SIGNS.stopped },
  { word: "none" as const, cell: "border-dashed border-line-strong", sign: "" },
];

/** What the cells mean. */
export function SliceLegend() {
  const { legend } = useWords(jobPageWords);
  return (
    <ul className="flex flex-wrap gap-x-3">
      {ENTRIES.map(({ word, cell, sign }) => (
        <li key={word} className="flex items-center gap-1">
          <span
            aria-hidden
            className={cn(
              "grid h-3 w-2 place-items-center rounded-cell border text-[9px] font-bold leading-none",
              cell,
            )}
          >
            {sign}
          </span>
          {legend[word]}
        </li>
      ))}
    </ul>
  );
}
