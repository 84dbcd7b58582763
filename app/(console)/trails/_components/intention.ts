import { type ZodType, z } from "zod";
import { createHistoryJobInputSchema, type WindowRequest } from "@/domain/history-job/schema.ts";

const keptSchema = createHistoryJobInputSchema
  .pick({ clientToken: true, reason: true })
  .extend({ window: z.unknown(), isUnanswered: z.boolean() });

/**
 * What a person set out to start, kept in the tab from the moment the dialog opens until a definite answer. A retry after a
 * lost answer or a reload sends the same token with the same window, so it can never start a second job.
 * `isUnanswered`: it was sent, and no answer has come yet.
 */
export type Intention<Window extends WindowRequest> = Omit<z.infer<typeof keptSchema>, "window"> & { window: Window };

/** Where a tab keeps the intention for one subject, a trail or a job; accounts don't share, because tokens belong to accounts. */
export function intentionKey(accountId: string, subject: string): string {
  return `backtrail:redeliver:${accountId}:${subject}`;
}

/** What this tab still has open for the key, or null. What can't be read counts as nothing. */
export function findIntention<Window extends WindowRequest>(
  storage: Storage,
  key: string,
  windowSchema: ZodType<Window>,
): Intention<Window> | null {
  try {
    const { window, ...rest } = keptSchema.parse(JSON.parse(storage.getItem(key) ?? "null"));
    return { ...rest, window: windowSchema.parse(window) };
  } catch {
    return null;
  }
}

export function keepIntention(storage: Storage, key: string, intention: Intention<WindowRequest>): void {
  storage.setItem(key, JSON.stringify(intention));
}

export function endIntention(storage: Storage, key: string): void {
  storage.removeItem(key);
}

export function newIntention<Window extends WindowRequest>(window: Window): Intention<Window> {
  return { clientToken: newClientToken(), window, reason: "", isUnanswered: false };
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
