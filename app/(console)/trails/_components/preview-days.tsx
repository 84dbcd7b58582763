"use client";

import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Disclosure } from "@/components/ui/disclosure.tsx";
import { ScrollRegion } from "@/components/ui/scroll-region.tsx";
import type { HistoryPreviewDto } from "@/domain/history-job/schema.ts";
import { redeliverWords } from "./words.ts";

/** The same counts by region and day, for who wants to look; a list of its own height. */
export function PreviewDays({ days }: { days: HistoryPreviewDto["days"] }) {
  const words = useWords(redeliverWords);
  const formats = useFormats();
  const regionCount = new Set(days.map(({ region }) => region)).size;
  const dayCount = new Set(days.map(({ day }) => day)).size;
  return (
    <Disclosure name="days" summary={words.byRegionAndDay(regionCount, dayCount)}>
      <ScrollRegion label={words.countsByRegionAndDay} className="mt-2 max-h-56">
        <table className="w-full border-collapse tabular-nums">
          <thead className="sticky top-0 bg-sunk text-xs text-ink-3">
            <tr>
              <th scope="col" className="px-3 py-1.5 text-left font-[550]">
                {words.day}
              </th>
              <th scope="col" className="px-3 py-1.5 text-left font-[550]">
                {words.region}
              </th>
              <th scope="col" className="px-3 py-1.5 text-right font-[550]">
                {words.inHistory}
              </th>
              <th scope="col" className="px-3 py-1.5 text-right font-[550]">
                {words.inTheLogstore}
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ region, day, expected, inSink }) => (
              <tr key={`${day} ${region}`} className="border-t border-line">
                <td className="px-3 py-1 whitespace-nowrap">{formats.dayOfYear(day)}</td>
                <td className="mono px-3 py-1 break-words">{region}</td>
                <td className="px-3 py-1 text-right">{formats.count(expected)}</td>
                <td className="px-3 py-1 text-right">{inSink === null ? "—" : formats.count(inSink)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Disclosure>
  );
}
