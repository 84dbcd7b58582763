import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import {
  normalized,
  settingsAfter,
  type TrailRefusal,
  whyNoPrefix,
  whyNoRoom,
  whyNotCreatable,
  whyNotPossible,
} from "@/domain/trail/rules.ts";
import type { CreateTrailInput, TrailSettings, UpdateTrailInput } from "@/domain/trail/schema.ts";
import { serviceLinkedRoleArn, slsDestinationOf, type TrailEventRW, trailArn } from "@/domain/trail/trail.ts";
import type { Trail } from "@/prisma/generated/client.ts";
import { auditRefusal, writeAuditEntry } from "@/server/access/audit.ts";
import { prisma, readDatabaseTime, type Transaction } from "@/server/db.ts";
import { createLogstore } from "@/server/log-service/commands.ts";

/** READ COMMITTED whatever the server's default is: what is read behind a lock has to see what the lock waited for. */
const TRANSACTION_OPTIONS = { isolationLevel: "ReadCommitted" } as const;

/**
 * Creates a trail, which delivers nothing before startLogging. Its logstore is made first when its project is one of the
 * built-in log service: one left over by a failure is taken by the next try, while a trail without one could not deliver.
 * The limits hold however many calls come at once. Not idempotent, as with the vendor: a repeat is told that the name is taken.
 * @param createdAt now, unless the trail's past is made up, as in the sample
 * @throws DomainError InvalidTrailNameException, InvalidParameterValue, InvalidDeliveryConfigurationException,
 *   InvalidPrefixException, SlsProjectDoesNotExistException, CreateLogStoreError, TrailAlreadyExistsException,
 *   MaximumNumberOfTrailsExceededException, MaximumNumberOfOrganizationTrailExceeded
 */
export async function createTrail(scope: AccountScope, input: CreateTrailInput, createdAt?: Date): Promise<void> {
  const { accountId } = scope;
  const audit = { resource: trailArn(input.homeRegion, accountId, input.name), details: input };
  // Before the logstore is made, so that a refusal leaves none behind; and once more below, where it is certain.
  const refusal =
    whyNotCreatable(accountId, input) ??
    (await prisma().$transaction((tx) => findNoRoom(tx, scope, input))) ??
    (await prepareLogstore(scope, input));
  if (refusal !== null) {
    throw await refused(scope, refusal, audit);
  }
  const lateRefusal = await prisma().$transaction(async (tx) => {
    // Alone and first: the counts are of what creations before this one have committed.
    await tx.$executeRaw`SELECT FROM account WHERE id = ${accountId} FOR NO KEY UPDATE`;
    const noRoom = await findNoRoom(tx, scope, input);
    if (noRoom === null) {
      await tx.trail.create({
        data: { ...withRoles(accountId, normalized(input)), accountId, createdAt, updatedAt: createdAt },
      });
      await writeAuditEntry(tx, scope, audit);
    }
    return noRoom;
  }, TRANSACTION_OPTIONS);
  if (lateRefusal !== null) {
    throw await refused(scope, lateRefusal, audit);
  }
}

async function findNoRoom(
  tx: Transaction,
  { accountId }: AccountScope,
  { name, homeRegion, isOrganizationTrail }: CreateTrailInput,
): Promise<TrailRefusal | null> {
  const trails = await tx.trail.findMany({
    where: { accountId },
    select: { name: true, homeRegion: true, isOrganizationTrail: true },
  });
  return whyNoRoom(
    {
      isNameTaken: trails.some((trail) => trail.name === name),
      inHomeRegion: trails.filter((trail) => trail.homeRegion === homeRegion).length,
      organizationTrails: trails.filter((trail) => trail.isOrganizationTrail).length,
    },
    { isOrganizationTrail },
  );
}

/**
 * Changes what a trail selects and where it delivers: what the update does not name stays, null takes a destination away. The
 * logstore of a new project is made first, where it is ours; those of before keep their logs. A running job goes on as it was
 * created. Safe to repeat.
 * @throws DomainError TrailNotFoundException, InvalidParameterValue, InvalidDeliveryConfigurationException,
 *   InvalidPrefixException, SlsProjectDoesNotExistException, CreateLogStoreError
 */
export async function updateTrail(scope: AccountScope, input: UpdateTrailInput): Promise<void> {
  const { accountId } = scope;
  const { name } = input;
  const trail = await requireTrail(scope, name, input);
  const audit = { resource: trailArn(trail.homeRegion, accountId, name), details: input };
  const after = settingsAfter(settingsOf(trail), input);
  const refusal =
    whyNotPossible(accountId, name, after) ??
    // The settings have none without a bucket, whatever the update says.
    whyNoPrefix(input.ossKeyPrefix ?? null) ??
    (await prepareLogstore(scope, { name, ...after }));
  if (refusal !== null) {
    throw await refused(scope, refusal, audit);
  }
  const lateRefusal = await prisma().$transaction(async (tx): Promise<TrailRefusal | null> => {
    // Two updates at once may each leave a destination that the other takes away: the second sees the first.
    await lockTrail(tx, accountId, name);
    const current = await tx.trail.findUnique({ where: { accountId_name: { accountId, name } } });
    if (current === null) {
      return { code: "TrailNotFoundException" };
    }
    const settings = settingsAfter(settingsOf(current), input);
    const notPossible = whyNotPossible(accountId, name, settings);
    if (notPossible === null) {
      await tx.trail.update({
        where: { accountId_name: { accountId, name } },
        data: {
          ...withRoles(accountId, settings),
          // Known of the bucket it was read of, and of no other.
          ossBucketLocation: settings.ossBucketName === current.ossBucketName ? current.ossBucketLocation : null,
        },
      });
      await writeAuditEntry(tx, scope, audit);
    }
    return notPossible;
  }, TRANSACTION_OPTIONS);
  if (lateRefusal !== null) {
    throw await refused(scope, lateRefusal, audit);
  }
}

/**
 * Deletes a trail. Its logstore with all logs stays, its jobs and their reports too, and history is not touched. A job of the
 * trail holds it while it holds the account's slot, deleted or not, because its last batches may still be on their way.
 * @throws DomainError TrailNotFoundException, ForbiddenDeleteTrail
 */
export async function deleteTrail(scope: AccountScope, { name }: { readonly name: string }): Promise<void> {
  const { accountId } = scope;
  const trail = await requireTrail(scope, name, { name });
  const audit = { resource: trailArn(trail.homeRegion, accountId, name), details: { name } };
  const refusal = await prisma().$transaction(async (tx) => {
    // A creation of a job holds the trail shared until it is there (server/history-job/commands.ts).
    await lockTrail(tx, accountId, name);
    const job = await tx.deliveryHistoryJob.findFirst({
      where: { accountId, trailName: name, status: { in: [0, 1] } },
      select: { id: true },
    });
    if (job !== null) {
      return new DomainError("ForbiddenDeleteTrail", { jobId: job.id });
    }
    const { count } = await tx.trail.deleteMany({ where: { accountId, name } });
    if (count === 0) {
      return new DomainError("TrailNotFoundException");
    }
    await writeAuditEntry(tx, scope, audit);
    return null;
  }, TRANSACTION_OPTIONS);
  if (refusal !== null) {
    throw await auditRefusal(scope, refusal, audit);
  }
}

/**
 * Lets a trail take effect. One that is enabled already stays as it is, so a repeat is safe.
 * @param at now, unless the trail's past is made up, as in the sample
 * @throws DomainError TrailNotFoundException
 */
export async function startLogging(scope: AccountScope, name: string, at?: Date): Promise<void> {
  const { accountId } = scope;
  const startLoggingTime = at ?? (await readDatabaseTime());
  const trail = await requireTrail(scope, name, { name });
  await prisma().$transaction(async (tx) => {
    await tx.trail.updateMany({
      where: { accountId, name, status: { not: "Enable" } },
      data: { status: "Enable", startLoggingTime, updatedAt: startLoggingTime },
    });
    await writeAuditEntry(tx, scope, { resource: trailArn(trail.homeRegion, accountId, name), details: { name } });
  });
}

/**
 * Stops a trail: it delivers nothing new until it is started again, while history goes on being recorded and can be redelivered.
 * One that is stopped, or was never enabled, stays as it is, so a repeat is safe.
 * @throws DomainError TrailNotFoundException
 */
export async function stopLogging(scope: AccountScope, { name }: { readonly name: string }): Promise<void> {
  const { accountId } = scope;
  const stopLoggingTime = await readDatabaseTime();
  const trail = await requireTrail(scope, name, { name });
  await prisma().$transaction(async (tx) => {
    await tx.trail.updateMany({
      where: { accountId, name, status: "Enable" },
      data: { status: "Disable", stopLoggingTime, updatedAt: stopLoggingTime },
    });
    await writeAuditEntry(tx, scope, { resource: trailArn(trail.homeRegion, accountId, name), details: { name } });
  });
}

async function requireTrail(scope: AccountScope, name: string, details: object): Promise<Trail> {
  const { accountId } = scope;
  const trail = await prisma().trail.findUnique({ where: { accountId_name: { accountId, name } } });
  if (trail === null) {
    throw await auditRefusal(scope, new DomainError("TrailNotFoundException"), { details: { ...details, name } });
  }
  return trail;
}

/** A statement of its own: what is read after it sees what the lock waited for. */
async function lockTrail(tx: Transaction, accountId: string, name: string): Promise<void> {
  await tx.$executeRaw`SELECT FROM trail WHERE account_id = ${accountId} AND name = ${name} FOR UPDATE`;
}

function settingsOf(trail: Trail): TrailSettings {
  return {
    trailRegion: trail.trailRegion,
    // Held by a check of the table.
    eventRW: trail.eventRW as TrailEventRW,
    slsProjectArn: trail.slsProjectArn,
    slsWriteRoleArn: trail.slsWriteRoleArn,
    ossBucketName: trail.ossBucketName,
    ossKeyPrefix: trail.ossKeyPrefix,
    ossWriteRoleArn: trail.ossWriteRoleArn,
    maxComputeProjectArn: trail.maxComputeProjectArn,
    maxComputeWriteRoleArn: trail.maxComputeWriteRoleArn,
  };
}

/** Each destination has a role: the one that was named, or the service-linked one. */
function withRoles<Settings extends TrailSettings>(accountId: string, settings: Settings): Settings {
  const role = serviceLinkedRoleArn(accountId);
  return {
    ...settings,
    slsWriteRoleArn: settings.slsProjectArn && (settings.slsWriteRoleArn ?? role),
    ossWriteRoleArn: settings.ossBucketName && (settings.ossWriteRoleArn ?? role),
    maxComputeWriteRoleArn: settings.maxComputeProjectArn && (settings.maxComputeWriteRoleArn ?? role),
  };
}

/** Makes the logstore that the trail will write to, where that is ours to make. */
async function prepareLogstore(
  scope: AccountScope,
  trail: { readonly name: string; readonly slsProjectArn: string | null },
): Promise<TrailRefusal | null> {
  const destination = slsDestinationOf(trail);
  if (destination === null) {
    return null;
  }
  const { projectRegion: region, projectName: name, logstoreName: logstore } = destination;
  const project = await prisma().logProject.findUnique({
    where: { accountId_region_name: { accountId: scope.accountId, region, name } },
    select: { endpoint: true },
  });
  if (project === null) {
    return { code: "SlsProjectDoesNotExistException", field: "slsProjectArn" };
  }
  if (project.endpoint === null) {
    await createLogstore(scope, { region, project: name, logstore });
  }
  return null;
}

/** The refusal as an error, after it has been noted in the audit. */
function refused(
  scope: AccountScope,
  { code, field }: TrailRefusal,
  audit: Parameters<typeof auditRefusal>[2],
): Promise<DomainError> {
  return auditRefusal(scope, new DomainError(code, field === undefined ? {} : { field }), audit);
}
