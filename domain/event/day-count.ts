/** How many there are on a UTC day, YYYY-MM-DD. */
export type DayCount = { readonly day: string; readonly count: number };

const DAY_MS = 86_400_000;

/** The UTC days from one to another, both included, oldest first; empty when they are the wrong way round. */
export function daysBetween(first: string, last: string): string[] {
  const from = Date.parse(`${first}T00:00:00Z`);
  const count = Math.floor((Date.parse(`${last}T00:00:00Z`) - from) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => dayOf(new Date(from + index * DAY_MS)));
}

/** The UTC day that lies so many days before this moment's. */
export function dayBefore(now: Date, days: number): string {
  return dayOf(new Date(now.getTime() - days * DAY_MS));
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
