import { z } from "zod";
import { createHistoryJobInputSchema, timeWindowRequestSchema } from "@/domain/history-job/schema.ts";

/**
 * What a person set out to start, kept in the tab from the moment the dialog opens until a definite answer. A retry after a
 * lost answer or a reload sends the same token with the same window, so it can never start a second job.
 */
const intentionSchema = createHistoryJobInputSchema
  .pick({ clientToken: true, reason: true })
  .extend({ window: timeWindowRequestSchema, isUnanswered: z.boolean() });

/** `isUnanswered`: it was sent, and no answer has come yet. */
export type Intention = z.infer<typeof intentionSchema>;

/** Where a tab keeps the intention for one trail; accounts don't share, because tokens belong to accounts. */
export function intentionKey(accountId: string, trailName: string): string {
  return `backtrail:redeliver:${accountId}:${trailName}`;
}

/** What this tab still has open for the key, or null. What can't be read counts as nothing. */
export function findIntention(storage: Storage, key: string): Intention | null {
  try {
    return intentionSchema.parse(JSON.parse(storage.getItem(key) ?? "null"));
  } catch {
    return null;
  }
}

export function keepIntention(storage: Storage, key: string, intention: Intention): void {
  storage.setItem(key, JSON.stringify(intention));
}

export function endIntention(storage: Storage, key: string): void {
  storage.removeItem(key);
}

export function newIntention(): Intention {
  return { clientToken: newClientToken(), window: { kind: "default" }, reason: "", isUnanswered: false };
}

/** A random UUID. `crypto.randomUUID` is missing where the page came over plain HTTP from another machine. */
export function newClientToken(): string {
  if (typeof crypto.randomUUID === "function") {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // Version 4, variant 1 (RFC 9562, 5.4).
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
