"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Popover } from "@/components/ui/popover.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { HISTORY_MS } from "@/domain/event/event.ts";
import { choiceOfDays, daysOfChoice, type WindowChoice } from "./window-choice.ts";
import { redeliverWords } from "./words.ts";

const DayRange = dynamic(() => import("@/components/ui/day-range.tsx").then((part) => part.DayRange), {
  ssr: false,
  loading: () => <Skeleton className="my-0 h-[264px] w-56" />,
});

const DAY_MS = 86_400_000;

type WindowDaysProps = { choice: WindowChoice; onChange: (choice: WindowChoice) => void; now: number };

/** The own window by calendar: whole days of what history keeps; the exact times stand beside it. */
export function WindowDays({ choice, onChange, now }: WindowDaysProps) {
  const words = useWords(redeliverWords);
  const [isOpen, setIsOpen] = useState(false);
  // The day on which history begins is kept in part, and a window of all of it would be refused.
  const bounds = { from: dayOf(now - HISTORY_MS + DAY_MS), to: dayOf(now) };
  const days = daysOfChoice(choice) ?? bounds;
  return (
    <Popover
      open={isOpen}
      onOpenChange={setIsOpen}
      label={words.chooseDays}
      trigger={<Button size="small">{words.chooseDaysIn}</Button>}
    >
      <DayRange
        {...days}
        min={bounds.from}
        max={bounds.to}
        onChange={(range) => {
          onChange({ ...choice, ...choiceOfDays(range) });
          setIsOpen(false);
        }}
      />
      <p className="mt-2 max-w-56 text-xs text-ink-3">{words.wholeDays}</p>
    </Popover>
  );
}

function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
