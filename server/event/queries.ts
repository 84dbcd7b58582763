import "server-only";
import type { EventFilter } from "@/domain/event/rules.ts";
import type { Transaction } from "@/server/db.ts";
import { countByDay, type RegionDayCount } from "@/server/rollup-counts.ts";

/**
 * The matching events of an account by region and UTC day, by day, then region; only where there are any. In a transaction
 * that holds the account's arrival lock exclusively it is what `arrivalMax` means.
 */
export function countEventsByDay(tx: Transaction, accountId: string, filter: EventFilter): Promise<RegionDayCount[]> {
  return countByDay(tx, { table: "event", accountId }, filter);
}
