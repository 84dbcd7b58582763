import { z } from "zod";
import { AUDITED_ACTIONS } from "./action.ts";
import { AUDIT_OUTCOMES, AUDIT_WHO_LENGTH_MAX } from "./audit-outcome.ts";
import type { Actor } from "./scope.ts";

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

/** An entry of the audit, as an admin sees it. Its id is that of the event that history has of it. */
export type AuditEntryDto = {
  readonly id: string;
  /** What an API call was answered with, else the entry's id; the RequestId of the event as well. */
  readonly requestId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly action: string;
  readonly rw: "Read" | "Write";
  readonly outcome: (typeof AUDIT_OUTCOMES)[number];
  readonly errorCode: string | null;
  readonly actorType: Actor["type"];
  readonly actorId: string;
  readonly actorName: string;
  /** The client's address; null for the product's own processes. */
  readonly from: string | null;
  /** ARN of what was acted on. */
  readonly resource: string | null;
  /** What was asked for, without secrets. */
  readonly details: Readonly<Record<string, unknown>>;
};

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
