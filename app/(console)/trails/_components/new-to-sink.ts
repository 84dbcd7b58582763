import type { HistoryPreviewDto } from "@/domain/history-job/schema.ts";

/**
 * Events that the logstore would get for the first time; null where it cannot be counted. Taken day by day, because a logstore
 * may have more of one day than history does, and that must not hide what it lacks of another.
 */
export function newToSink({ inSink, days }: Pick<HistoryPreviewDto, "inSink" | "days">): number | null {
  if (inSink === null || days.some((day) => day.inSink === null)) {
    return null;
  }
  return days.reduce((sum, day) => sum + Math.max(0, day.expected - (day.inSink ?? 0)), 0);
}
