import "server-only";
import { randomUUID } from "node:crypto";
import { type AuditedAction, type PersonalAction, rwOf } from "@/domain/access/action.ts";
import { auditEventBody } from "@/domain/access/audit-event.ts";
import { type AccountScope, type Actor, mintAccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { type HistoryEvent, parseEvent } from "@/domain/event/event.ts";
import type { AuditEntry, Prisma } from "@/prisma/generated/client.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { recordEvents } from "@/server/event/commands.ts";
import { log } from "@/server/log.ts";
import { toAuditRecord } from "./mapping.ts";

type AuditDetails = Prisma.InputJsonObject;

type Refusal = {
  readonly accountId: string;
  readonly actor: Actor;
  readonly action: AuditedAction;
  readonly errorCode: string;
  readonly resource?: string;
  readonly details: AuditDetails;
};

/**
 * Notes in the account's audit that the scope's action was carried out, and puts the note where recordAuditEvents finds it.
 * For commands: called in the transaction that does the work, so that neither stands without the other. `details` say what
 * was asked for and hold no secrets; `resource` is the ARN of what was acted on.
 */
export async function writeAuditEntry(
  tx: Transaction,
  scope: AccountScope,
  { resource, details }: { readonly resource?: string; readonly details: AuditDetails },
): Promise<void> {
  await insertEntry(tx, { ...scope, errorCode: null, resource, details });
}

/** Notes that something was refused. In a transaction of its own: what was refused left none to be part of. */
export async function writeRefusal(refusal: Refusal): Promise<void> {
  await prisma().$transaction((tx) => insertEntry(tx, refusal));
}

/**
 * Notes that a command refused what the scope's action asked for.
 * @returns the refusal, for the command to throw
 */
export async function auditRefusal(
  scope: AccountScope,
  refusal: DomainError,
  { resource, details }: { readonly resource?: string; readonly details: AuditDetails },
): Promise<DomainError> {
  await writeRefusal({ ...scope, errorCode: refusal.code, resource, details });
  return refusal;
}

/** What a person did for themselves, or with an error code was refused. */
type PersonalEntry = {
  readonly userId: string;
  readonly email: string;
  readonly from: string | null;
  readonly action: PersonalAction;
  readonly errorCode?: string | null;
  readonly details?: AuditDetails;
};

/**
 * Notes in the audit of each of the person's accounts what they did for themselves, in the transaction that does it. An account that they are
 * shut out of is one of theirs. Answers how many there are.
 */
export async function writePersonalEntry(tx: Transaction, entry: PersonalEntry): Promise<number> {
  const { userId, email, from, action, errorCode = null, details = {} } = entry;
  const places = await tx.membership.findMany({ where: { userId }, select: { accountId: true } });
  for (const { accountId } of places) {
    await insertEntry(tx, {
      accountId,
      actor: { type: "user", id: userId, name: email, from },
      action,
      errorCode,
      details,
    });
  }
  return places.length;
}

/**
 * The same for what was refused, or was done elsewhere: in a transaction of its own. A person who is in no account has no audit that it could
 * be in: then it is in the log.
 */
export async function auditPersonal(entry: PersonalEntry): Promise<void> {
  const entries = await prisma().$transaction((tx) => writePersonalEntry(tx, entry));
  if (entries === 0) {
    const { userId, action, errorCode, from, details } = entry;
    log.info({ userId, action, errorCode, from, details }, "audit entry of a person without an account");
  }
}

/**
 * Does what a person asks for themselves; when it is refused, by a DomainError, that is noted before it is thrown on. Around the transaction,
 * not within it: what is refused undoes its own.
 */
export async function auditingRefusal<Result>(
  entry: PersonalEntry,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof DomainError) {
      await auditPersonal({ ...entry, errorCode: thrown.code });
    }
    throw thrown;
  }
}

async function insertEntry(
  tx: Transaction,
  entry: Omit<Refusal, "errorCode"> & { readonly errorCode: string | null },
): Promise<void> {
  const id = randomUUID();
  await tx.auditEntry.create({
    data: {
      id,
      accountId: entry.accountId,
      action: entry.action,
      rw: rwOf(entry.action),
      outcome: entry.errorCode === null ? "allowed" : "refused",
      errorCode: entry.errorCode,
      actorType: entry.actor.type,
      actorId: entry.actor.id,
      actorName: entry.actor.name,
      from: entry.actor.from,
      requestId: entry.actor.requestId ?? null,
      resource: entry.resource === undefined ? null : storable(entry.resource),
      details: JSON.parse(JSON.stringify(entry.details), (_, value) =>
        typeof value === "string" ? storable(value) : value,
      ),
    },
  });
  await tx.auditOutbox.create({ data: { auditEntryId: id } });
}

/**
 * Text that PostgreSQL can hold. Refusals note what was asked for, however malformed: text that cannot be stored would make a
 * fault of the refusal and leave the audit without it.
 */
function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

/** Small, because recording holds the account's advisory lock, which the creation of a job waits for. */
const OUTBOX_BATCH_SIZE = 200;

/** Long enough for recording to wait behind the creation of a job; when it is not, the entries stay for the next call. */
const OUTBOX_TIMEOUT_MS = 60_000;

let drain: Promise<void> = Promise.resolve();
let nextDrain: Promise<void> | undefined;

/**
 * Records the audit entries that are waiting as events of their accounts' history. When it resolves, those that were
 * committed before the call are recorded, but for any that another process is just then recording. It never rejects: what
 * could not be recorded is logged and stays for the next call, of which the worker makes one every 10 s. Safe to repeat and
 * to run anywhere at once, because an entry always gives the same event.
 *
 * A drain holds one connection while recordEvents takes another, so a process runs one at a time and calls that come
 * meanwhile share the next: as many drains as connections would wait for each other for ever.
 */
export function recordAuditEvents(): Promise<void> {
  nextDrain ??= drain.then(() => {
    nextDrain = undefined;
    drain = drainOutbox();
    return drain;
  });
  return nextDrain;
}

async function drainOutbox(): Promise<void> {
  try {
    let count = OUTBOX_BATCH_SIZE;
    while (count === OUTBOX_BATCH_SIZE) {
      count = await prisma().$transaction(recordBatch, { timeout: OUTBOX_TIMEOUT_MS });
    }
  } catch (error) {
    log.error({ err: error }, "audit entries could not be recorded as events; they stay for the next try");
  }
}

/** One batch, and how many entries it had. The rows are deleted after the events are committed, never before. */
async function recordBatch(tx: Transaction): Promise<number> {
  const waiting = await tx.$queryRaw<{ id: string; now: Date }[]>`
    SELECT "audit_entry_id"::text AS "id", now() AS "now" FROM "audit_outbox"
    LIMIT ${OUTBOX_BATCH_SIZE} FOR UPDATE SKIP LOCKED`;
  const [first] = waiting;
  if (first === undefined) {
    return 0;
  }
  const ids = waiting.map(({ id }) => id);
  const entries = await tx.auditEntry.findMany({ where: { id: { in: ids } }, orderBy: [{ at: "asc" }, { id: "asc" }] });
  for (const [accountId, ofAccount] of Map.groupBy(entries, (entry) => entry.accountId)) {
    // The database's time, by which the entries are dated: a machine that is late would find them in its future.
    const events = ofAccount.flatMap((entry) => eventOf(entry, first.now));
    await recordEvents(mintAccountScope(accountId, RECORDER, "backtrail:PutEvents"), events);
  }
  await tx.auditOutbox.deleteMany({ where: { auditEntryId: { in: ids } } });
  return waiting.length;
}

const RECORDER: Actor = { type: "worker", id: "audit", name: "audit", from: null };

/** The entry's event, or none when it is older than history. */
function eventOf(entry: AuditEntry, now: Date): HistoryEvent[] {
  const parsed = parseEvent(auditEventBody(toAuditRecord(entry), env().BACKTRAIL_REGION), now);
  if (parsed.kind === "refused") {
    // It would be refused for ever and hold up the others. The entry itself stays in the audit.
    log.error({ auditEntryId: entry.id, reason: parsed.reason }, "audit entry cannot be an event");
  }
  return parsed.kind === "event" ? [parsed.event] : [];
}
