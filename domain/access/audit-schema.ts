import { z } from "zod";
import { AUDITED_ACTIONS } from "./action.ts";

export const AUDIT_OUTCOMES = ["allowed", "refused"] as const;

/** How long a text to look for may be: names, addresses and ids are shorter. */
export const AUDIT_WHO_LENGTH_MAX = 256;

/** Which entries of the audit are asked for; null for any. Instants are ISO 8601; `to` is not included. */
export const auditFilterSchema = z.strictObject({
  /** Part of a name, in any case; or the whole of an actor's id, a client's address or a RequestId. */
  who: z.string().min(1).max(AUDIT_WHO_LENGTH_MAX).nullable(),
  action: z.enum(AUDITED_ACTIONS).nullable(),
  outcome: z.enum(AUDIT_OUTCOMES).nullable(),
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

/** An entry of the audit, as an admin sees it. Its id is the RequestId of the event that history has of it. */
export const auditEntryDtoSchema = z.strictObject({
  id: z.uuid(),
  at: z.iso.datetime(),
  action: z.string(),
  rw: z.enum(["Read", "Write"]),
  outcome: z.enum(AUDIT_OUTCOMES),
  errorCode: z.string().nullable(),
  actorType: z.enum(["user", "access-key", "worker", "command-line"]),
  actorId: z.string(),
  actorName: z.string(),
  /** The client's address; null for the product's own processes. */
  from: z.string().nullable(),
  /** ARN of what was acted on. */
  resource: z.string().nullable(),
  /** What was asked for, without secrets. */
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntryDto = z.infer<typeof auditEntryDtoSchema>;

/** Entries, newest first; `next` is the place behind the last one, null when there are no older ones. */
export type AuditPageDto = { readonly entries: readonly AuditEntryDto[]; readonly next: string | null };

/** A place in the audit: behind the entry of this time and id. */
export type AuditPlace = { readonly at: string; readonly id: string };

const placeSchema = z.tuple([z.iso.datetime({ precision: 3 }), z.uuid()]);

/** The place as a page names it. */
export function auditPlaceText({ at, id }: AuditPlace): string {
  return `${at}~${id}`;
}

/** The place that a page has named, or null for a text that no page has. */
export function parseAuditPlace(text: string): AuditPlace | null {
  const place = placeSchema.safeParse(text.split("~"));
  return place.success ? { at: place.data[0], id: place.data[1] } : null;
}
