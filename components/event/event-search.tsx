"use client";

import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Progress } from "@/components/ui/progress.tsx";
import { eventWords } from "./words.ts";

type SearchProgressProps = {
  /** The whole window of the look-up, ISO 8601. */
  window: { from: string; to: string };
  searchedTo: string;
  order: "newest" | "oldest";
  isStopped: boolean;
  onStop: () => void;
  onResume: () => void;
};

/** How far a search has come that takes longer than one answer, and the way to stop it and to go on. */
export function SearchProgress({ window, searchedTo, order, isStopped, onStop, onResume }: SearchProgressProps) {
  const words = useWords(eventWords);
  const formats = useFormats();
  const span = Date.parse(window.to) - Date.parse(window.from);
  const [begun, reached] = order === "newest" ? [searchedTo, window.to] : [window.from, searchedTo];
  const share = (Date.parse(reached) - Date.parse(begun)) / span;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-ink-2 tabular-nums">
      <Progress
        share={share}
        look={isStopped ? "still" : "run"}
        label={words.searchProgress}
        className="w-48 max-sm:w-full"
      />
      <span>{words.searched(formats.percent(share), formats.second(searchedTo))}</span>
      <Button size="small" onClick={isStopped ? onResume : onStop}>
        {isStopped ? words.searchOn : words.stopSearch}
      </Button>
    </div>
  );
}
