import { cn } from "@/components/ui/class-names.ts";
import { SLICE_STATE_LOOKS } from "./slice-words.ts";

const ENTRIES = [
  { word: "waiting", cell: SLICE_STATE_LOOKS.waiting.cell, sign: "" },
  {
    word: "delivering",
    cell: cn(SLICE_STATE_LOOKS.delivering.cell, "bg-linear-to-r from-run/55 from-50% to-transparent to-50%"),
    sign: "",
  },
  { word: "delivered", cell: SLICE_STATE_LOOKS.complete.cell, sign: "" },
  { word: "needs a look", cell: SLICE_STATE_LOOKS.failed.cell, sign: "!" },
  { word: "not sent", cell: SLICE_STATE_LOOKS.stopped.cell, sign: "–" },
  { word: "no events", cell: "border-dashed border-line-strong", sign: "" },
];

/** What the cells mean. */
export function SliceLegend() {
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
          {word}
        </li>
      ))}
    </ul>
  );
}
