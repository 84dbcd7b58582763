import { readDatabaseTime } from "@/server/db.ts";

let aheadMs = 0;

/** Measures how far the database's clock is ahead of this machine's. The worker repeats it with each sweep. */
export async function syncDatabaseClock(): Promise<void> {
  const askedAt = Date.now();
  const databaseTime = await readDatabaseTime();
  aheadMs = databaseTime.getTime() - (askedAt + Date.now()) / 2;
}

/** The database's time, which requests to a sink are signed with: one clock for all workers. */
export function databaseNow(): Date {
  return new Date(Date.now() + aheadMs);
}
