import "server-only";
import { randomUUID } from "node:crypto";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import {
  type CreateLogProjectInput,
  type LogProjectRef,
  needsKeyAnew,
  type UpdateLogProjectInput,
} from "@/domain/log-service/schema.ts";
import { slsDestinationOf, slsProjectArn } from "@/domain/trail/trail.ts";
import { auditRefusal, writeAuditEntry } from "@/server/access/audit.ts";
import { encryptSecret } from "@/server/access/secrets.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { arrivalLockKey } from "@/server/event/arrival-lock.ts";

/**
 * Makes the endpoint of another log service known as a log project of the account. The secret is stored encrypted and is in no
 * answer, log or audit entry.
 * @throws DomainError LogProjectAlreadyExists, also when another call created it just now
 */
export async function createExternalLogProject(scope: AccountScope, input: CreateLogProjectInput): Promise<void> {
  const { accountId } = scope;
  const { accessKeySecret, accessKeyId, ...rest } = input;
  const id = randomUUID();
  const audit = auditOf(scope, input, { ...rest, accessKeyId });
  const isCreated = await prisma().$transaction(async (tx) => {
    const { count } = await tx.logProject.createMany({
      data: {
        ...rest,
        id,
        accountId,
        externalKeyId: accessKeyId,
        externalSecretCiphertext: encryptSecret(accessKeySecret, { purpose: "log-project", rowId: id }),
      },
      skipDuplicates: true,
    });
    if (count === 1) {
      await writeAuditEntry(tx, scope, audit);
    }
    return count === 1;
  });
  if (!isCreated) {
    throw await auditRefusal(scope, new DomainError("LogProjectAlreadyExists", { field: "name" }), audit);
  }
}

/**
 * Changes an external log project: endpoint, key, log time. Without a secret the stored one stays, and only where it was given for: a
 * new endpoint or key id without one is refused. Jobs that run go on with what is stored, within a second; a job's log time is the one it began with.
 * Safe to repeat.
 * @throws DomainError SlsProjectDoesNotExistException, LogProjectBuiltIn, LogProjectKeyRequired
 */
export async function updateLogProject(scope: AccountScope, input: UpdateLogProjectInput): Promise<void> {
  const { region, name, endpoint, accessKeyId, accessKeySecret, logTime } = input;
  const isKeyNew = accessKeySecret !== "";
  const audit = auditOf(scope, input, { region, name, endpoint, accessKeyId, logTime, isKeyNew });
  const refusal = await prisma().$transaction(async (tx) => {
    const stored = await lockExternal(tx, scope, input);
    if (stored instanceof DomainError) {
      return stored;
    }
    if (needsKeyAnew({ endpoint: stored.endpoint, accessKeyId: stored.accessKeyId }, input)) {
      return new DomainError("LogProjectKeyRequired", { field: "accessKeySecret" });
    }
    await tx.logProject.update({
      where: { id: stored.id },
      data: {
        endpoint,
        logTime,
        externalKeyId: accessKeyId,
        ...(isKeyNew && {
          externalSecretCiphertext: encryptSecret(accessKeySecret, { purpose: "log-project", rowId: stored.id }),
        }),
      },
    });
    await writeAuditEntry(tx, scope, audit);
    return null;
  });
  if (refusal !== null) {
    throw await auditRefusal(scope, refusal, audit);
  }
}

/**
 * Forgets an external log project with its key. Refused while a job delivers to it and while a trail names it. What was delivered stays
 * where it is.
 *
 * The account's arrival lock keeps jobs from being created meanwhile. A job can only be created for a project that a trail names, or
 * that an older job delivered to: one of the latter kind, decided on a moment before, ends at its first slice for want of a project.
 * @throws DomainError SlsProjectDoesNotExistException, LogProjectBuiltIn, LogProjectInUse
 */
export async function deleteLogProject(scope: AccountScope, ref: LogProjectRef): Promise<void> {
  const { region, name } = ref;
  const audit = auditOf(scope, ref, { region, name });
  const refusal = await prisma().$transaction(async (tx) => {
    // Alone and first, as in the creation of a job.
    const [lockClass, lockAccount] = arrivalLockKey(scope.accountId);
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${lockClass}::int4, ${lockAccount}::int4)`;
    const stored = await lockExternal(tx, scope, ref);
    if (stored instanceof DomainError) {
      return stored;
    }
    const inUse = await findUse(tx, scope.accountId, ref);
    if (inUse !== null) {
      return inUse;
    }
    await tx.logProject.delete({ where: { id: stored.id } });
    await writeAuditEntry(tx, scope, audit);
    return null;
  });
  if (refusal !== null) {
    throw await auditRefusal(scope, refusal, audit);
  }
}

type StoredExternal = { readonly id: string; readonly endpoint: string; readonly accessKeyId: string };

/** The project, locked until the transaction ends, or why it cannot be changed. */
async function lockExternal(
  tx: Transaction,
  scope: AccountScope,
  { region, name }: LogProjectRef,
): Promise<StoredExternal | DomainError> {
  const [row] = await tx.$queryRaw<{ id: string; endpoint: string | null; accessKeyId: string | null }[]>`
    SELECT id::text, endpoint, external_key_id AS "accessKeyId" FROM log_project
    WHERE account_id = ${scope.accountId} AND region = ${region} AND name = ${name}
    FOR UPDATE`;
  if (row === undefined) {
    return new DomainError("SlsProjectDoesNotExistException");
  }
  const { id, endpoint, accessKeyId } = row;
  return endpoint === null || accessKeyId === null
    ? new DomainError("LogProjectBuiltIn")
    : { id, endpoint, accessKeyId };
}

/** What still needs the project; null when nothing does. */
async function findUse(
  tx: Transaction,
  accountId: string,
  { region, name }: LogProjectRef,
): Promise<DomainError | null> {
  const job = await tx.deliveryHistoryJob.findFirst({
    where: { accountId, projectRegion: region, projectName: name, status: { in: [0, 1] } },
    select: { id: true },
  });
  if (job !== null) {
    return new DomainError("LogProjectInUse", { jobId: job.id });
  }
  const trails = await tx.trail.findMany({
    where: { accountId, slsProjectArn: { not: null } },
    orderBy: { name: "asc" },
    select: { name: true, slsProjectArn: true },
  });
  const trailNames = trails
    .filter((trail) => {
      const destination = slsDestinationOf(trail);
      return destination?.projectRegion === region && destination.projectName === name;
    })
    .map((trail) => trail.name);
  return trailNames.length === 0 ? null : new DomainError("LogProjectInUse", { trailNames });
}

function auditOf(scope: AccountScope, { region, name }: LogProjectRef, details: Record<string, string | boolean>) {
  return { resource: slsProjectArn(region, scope.accountId, name), details };
}
