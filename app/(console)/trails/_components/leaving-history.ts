import { leavesHistoryAt } from "@/domain/event/event.ts";
import type { HistoryPreviewDto } from "@/domain/history-job/schema.ts";

/** Who plans in days should hear of it, and who has weeks should not be hurried. */
const WARNED_MS = 3 * 86_400_000;

/** The oldest day of the preview when it leaves history soon: how many of its events would be lost, and in how long. */
export function leavingHistory({
  days,
  asOf,
}: Pick<HistoryPreviewDto, "days" | "asOf">): { day: string; events: number; inMs: number } | null {
  const oldest = days
    .filter(({ expected }) => expected > 0)
    .toSorted((one, other) => (one.day < other.day ? -1 : 1))[0];
  if (oldest === undefined) {
    return null;
  }
  const { day } = oldest;
  const inMs = leavesHistoryAt(day).getTime() - Date.parse(asOf);
  const events = days.reduce((sum, row) => (row.day === day ? sum + row.expected : sum), 0);
  return inMs > WARNED_MS ? null : { day, events, inMs: Math.max(0, inMs) };
}
