"use client";

import { type ReactNode, useState } from "react";
import { type DateRange, DayPicker } from "react-day-picker";
import { zhCN } from "react-day-picker/locale/zh-CN";
import { useLanguage } from "@/components/language/language-provider.tsx";
import { cn } from "./class-names.ts";

type DayRangeProps = {
  /** UTC days, YYYY-MM-DD, both included. */
  from: string;
  to: string;
  /** The first and the last day that may be chosen. */
  min: string;
  max: string;
  onChange: (range: { from: string; to: string }) => void;
};

/** Some days in a row, chosen in a calendar; arrow keys move by day and week, Page Up and Page Down by month. */
export function DayRange({ from, to, min, max, onChange }: DayRangeProps) {
  const language = useLanguage();
  // Between the first press and the second there is a beginning only, which is nobody's business yet.
  const [begun, setBegun] = useState<DateRange | null>(null);
  const bounds = { before: toDate(min), after: toDate(max) };
  return (
    <DayPicker
      mode="range"
      autoFocus
      resetOnSelect
      selected={begun ?? { from: toDate(from), to: toDate(to) }}
      onSelect={(range) => {
        if (range?.from !== undefined && range.to !== undefined) {
          setBegun(null);
          onChange({ from: toDay(range.from), to: toDay(range.to) });
        } else {
          setBegun(range ?? null);
        }
      }}
      defaultMonth={toDate(to)}
      startMonth={bounds.before}
      endMonth={bounds.after}
      disabled={[{ before: bounds.before }, { after: bounds.after }]}
      today={bounds.after}
      weekStartsOn={1}
      locale={language === "zh-CN" ? zhCN : undefined}
      components={{ CaptionLabel: Caption }}
      classNames={{
        months: "relative",
        month_caption: "flex h-8 items-center px-1",
        nav: "absolute top-0 right-0 flex gap-1",
        button_previous: NAV_BUTTON,
        button_next: NAV_BUTTON,
        chevron: "size-4 fill-current",
        month_grid: "mt-1 border-collapse",
        weekday: "size-8 text-xs font-normal text-ink-3 max-sm:size-10",
        day: "p-0 text-center text-sm tabular-nums",
        day_button:
          "size-8 rounded-cell enabled:hover:outline enabled:hover:outline-1 enabled:hover:outline-line-strong max-sm:size-10",
        today: "font-[640] underline underline-offset-4",
        selected: "bg-accent-soft",
        range_start: cn("rounded-l-cell", END),
        range_end: cn("rounded-r-cell", END),
        disabled: "text-ink-3 line-through",
        outside: "invisible",
      }}
    />
  );
}

const NAV_BUTTON =
  "grid size-8 place-items-center rounded-control border border-line text-ink-2 hover:bg-sunk aria-disabled:opacity-50 max-sm:size-10";

const END = "[&>button]:bg-accent [&>button]:text-accent-ink [&>button]:font-[640]";

/** The library's own caption is a live region, and a page has one: the toaster. */
function Caption({ children }: { children?: ReactNode }) {
  return <span className="text-sm font-[640]">{children}</span>;
}

/** The part speaks of days by the device's own midnight; both ways, so that no time zone moves one. */
function toDate(day: string): Date {
  return new Date(`${day}T00:00:00`);
}

function toDay(date: Date): string {
  const pad = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}
