import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import type { EventFilter } from "@/domain/event/rules.ts";
import type { SlsDestination } from "@/domain/trail/trail.ts";
import type { Transaction } from "@/server/db.ts";
import { countByDay, type RegionDayCount } from "@/server/rollup-counts.ts";

/**
 * The matching logs of a trail's logstore by region and UTC day of their events, by day, then region; only where there are
 * any. Null where nobody here can tell: the project is external or unknown, or has no such logstore yet. Logs without an
 * event's identity match no filter and are not counted.
 */
export async function countLogsByDay(
  tx: Transaction,
  scope: AccountScope,
  { projectRegion, projectName, logstoreName }: SlsDestination,
  filter: EventFilter,
): Promise<RegionDayCount[] | null> {
  const logstore = await tx.logstore.findFirst({
    where: {
      name: logstoreName,
      logProject: { accountId: scope.accountId, region: projectRegion, name: projectName, endpoint: null },
    },
    select: { id: true },
  });
  return logstore && countByDay(tx, { table: "log", logstoreId: logstore.id }, filter);
}
