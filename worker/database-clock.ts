import { readDatabaseTime } from "@/server/db.ts";

/** The database's time when performance.now() was 0. Until it has been asked, this machine's clock has to do. */
let originMs = performance.timeOrigin;

/**
 * Measures the database's clock. The worker repeats it with each sweep. In between time passes by the monotonic clock, so that a
 * machine whose clock is wrong, or is being set right, changes nothing.
 */
export async function syncDatabaseClock(): Promise<void> {
  const askedAt = performance.now();
  const databaseTime = await readDatabaseTime();
  originMs = databaseTime.getTime() - (askedAt + performance.now()) / 2;
}

/** The database's time, which requests to a sink are signed with: one clock for all workers. */
export function databaseNow(): Date {
  return new Date(originMs + performance.now());
}
