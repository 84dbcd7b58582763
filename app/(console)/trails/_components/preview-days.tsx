import { countOf, inGroups } from "@/components/language/counts.ts";
import { dayOfYearInWords } from "@/components/language/times.ts";
import type { HistoryPreviewDto } from "@/domain/history-job/schema.ts";

/** The same counts by region and day, for who wants to look; a list of its own height. */
export function PreviewDays({ days }: { days: HistoryPreviewDto["days"] }) {
  const regionCount = new Set(days.map(({ region }) => region)).size;
  const dayCount = new Set(days.map(({ day }) => day)).size;
  return (
    <details className="text-sm">
      <summary className="w-fit text-ink-2 hover:text-ink">
        By region and day: {countOf(regionCount, "region", "regions")}, {countOf(dayCount, "day", "days")}
      </summary>
      <section
        aria-label="Counts by region and day"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="mt-2 max-h-56 overflow-y-auto rounded-control border border-line"
      >
        <table className="w-full border-collapse tabular-nums">
          <thead className="sticky top-0 bg-sunk text-xs text-ink-3">
            <tr>
              <th scope="col" className="px-3 py-1.5 text-left font-[550]">
                Day
              </th>
              <th scope="col" className="px-3 py-1.5 text-left font-[550]">
                Region
              </th>
              <th scope="col" className="px-3 py-1.5 text-right font-[550]">
                In history
              </th>
              <th scope="col" className="px-3 py-1.5 text-right font-[550]">
                In the logstore
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ region, day, expected, inSink }) => (
              <tr key={`${day} ${region}`} className="border-t border-line">
                <td className="px-3 py-1 whitespace-nowrap">{dayOfYearInWords(day)}</td>
                <td className="mono px-3 py-1 break-words">{region}</td>
                <td className="px-3 py-1 text-right">{inGroups(expected)}</td>
                <td className="px-3 py-1 text-right">{inSink === null ? "—" : inGroups(inSink)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
