import { leavesHistoryAt } from "@/domain/event/event.ts";
import type { HistoryPreviewDto } from "@/domain/history-job/schema.ts";

/** Who plans in days should hear of it, and who has weeks should not be hurried. */
const WARNED_MS = 3 * 86_400_000;

/** From the first to the last day that leaves: how many events would be lost, and in how long those of the first. */
export type LeavingHistory = {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly events: number;
  readonly inMs: number;
};

/** What of the preview leaves history soon; null if nothing does. */
export function leavingHistory({ days, asOf }: Pick<HistoryPreviewDto, "days" | "asOf">): LeavingHistory | null {
  const leftMs = (day: string) => leavesHistoryAt(day).getTime() - Date.parse(asOf);
  const leaving = days
    .filter(({ day, expected }) => expected > 0 && leftMs(day) <= WARNED_MS)
    .toSorted((one, other) => (one.day < other.day ? -1 : 1));
  const firstDay = leaving[0]?.day;
  const lastDay = leaving.at(-1)?.day;
  if (firstDay === undefined || lastDay === undefined) {
    return null;
  }
  const events = leaving.reduce((sum, { expected }) => sum + expected, 0);
  return { firstDay, lastDay, events, inMs: Math.max(0, leftMs(firstDay)) };
}
