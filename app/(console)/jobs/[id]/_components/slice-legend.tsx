import { useWords } from "@/components/language/language-provider.tsx";
import { SlicePicture } from "./slice-picture.tsx";
import type { CellLook, PicturedCell } from "./slice-picture-shapes.ts";
import { jobPageWords } from "./words.ts";

const WIDTH = 8;
const HEIGHT = 12;

const ENTRIES = [
  { word: "waiting" as const, cells: cellOf("waiting") },
  { word: "delivering" as const, cells: cellOf("delivering") },
  { word: "delivered" as const, cells: cellOf("complete") },
  { word: "incomplete" as const, cells: cellOf("incomplete") },
  { word: "failed" as const, cells: cellOf("failed") },
  { word: "stopped" as const, cells: cellOf("stopped") },
  { word: "none" as const, cells: cellOf("none") },
];

/** Half of it is done, where that is seen. */
function cellOf(look: CellLook): readonly PicturedCell[] {
  return [{ look, x: 0, y: 0, width: WIDTH, height: HEIGHT, progress: 0.5 }];
}

/** What the cells mean. */
export function SliceLegend() {
  const { legend } = useWords(jobPageWords);
  return (
    <ul className="flex flex-wrap gap-x-3">
      {ENTRIES.map(({ word, cells }) => (
        <li key={word} className="flex items-center gap-1">
          <SlicePicture cells={cells} width={WIDTH} height={HEIGHT} className="h-3 w-2" />
          {legend[word]}
        </li>
      ))}
    </ul>
  );
}
