/** What identifies a log of a logstore. */
export type LogKey = { readonly eventTime: string; readonly eventId: string; readonly region: string };

/** The key as an address names it. */
export function logKeyText({ eventTime, eventId, region }: LogKey): string {
  return JSON.stringify([eventTime, eventId, region]);
}
