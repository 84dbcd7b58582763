import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { whyNotCreatable } from "@/domain/trail/rules.ts";
import type { CreateTrailInput } from "@/domain/trail/schema.ts";
import { slsDestinationOf, trailArn } from "@/domain/trail/trail.ts";
import { auditRefusal, writeAuditEntry } from "@/server/access/audit.ts";
import { prisma, readDatabaseTime } from "@/server/db.ts";
import { createLogstore } from "@/server/log-service/commands.ts";

/**
 * Creates a trail, which delivers nothing before startLogging. Its logstore is made first when its project is one of the
 * built-in log service: one left over by a failure is taken by the next try, while a trail without one could not deliver.
 * @param createdAt now, unless the trail's past is made up, as in the sample
 * @throws DomainError InvalidTrailNameException, InvalidDeliveryConfigurationException, SlsProjectDoesNotExistException,
 *   TrailAlreadyExistsException, the last also when another call created it just now
 */
export async function createTrail(scope: AccountScope, input: CreateTrailInput, createdAt?: Date): Promise<void> {
  const { accountId } = scope;
  const audit = { resource: trailArn(input.homeRegion, accountId, input.name), details: input };
  const code = whyNotCreatable(input) ?? (await prepareLogstore(scope, input));
  if (code !== null) {
    throw await auditRefusal(scope, new DomainError(code), audit);
  }
  // The service-linked role, which the vendor takes when none is named (actiontrail.md, 1.3).
  const roleArn = `acs:ram::${accountId}:role/aliyunserviceroleforactiontrail`;
  const created = await prisma().$transaction(async (tx) => {
    const { count } = await tx.trail.createMany({
      data: {
        ...input,
        accountId,
        slsWriteRoleArn: input.slsProjectArn && roleArn,
        ossWriteRoleArn: input.ossBucketName && roleArn,
        createdAt,
        updatedAt: createdAt,
      },
      skipDuplicates: true,
    });
    if (count === 1) {
      await writeAuditEntry(tx, scope, audit);
    }
    return count === 1;
  });
  if (!created) {
    throw await auditRefusal(scope, new DomainError("TrailAlreadyExistsException"), audit);
  }
}

/** Makes the logstore that the trail will write to, where that is ours to make. */
async function prepareLogstore(
  scope: AccountScope,
  input: CreateTrailInput,
): Promise<"SlsProjectDoesNotExistException" | null> {
  const destination = slsDestinationOf(input);
  if (destination === null) {
    return null;
  }
  const { projectRegion: region, projectName: name, logstoreName: logstore } = destination;
  const project = await prisma().logProject.findUnique({
    where: { accountId_region_name: { accountId: scope.accountId, region, name } },
    select: { endpoint: true },
  });
  if (project === null) {
    return "SlsProjectDoesNotExistException";
  }
  if (project.endpoint === null) {
    await createLogstore(scope, { region, project: name, logstore });
  }
  return null;
}

/**
 * Lets a trail take effect. One that is enabled already stays as it is, so a repeat is safe.
 * @param at now, unless the trail's past is made up, as in the sample
 * @throws DomainError TrailNotFoundException
 */
export async function startLogging(scope: AccountScope, name: string, at?: Date): Promise<void> {
  const { accountId } = scope;
  const startLoggingTime = at ?? (await readDatabaseTime());
  const trail = await prisma().trail.findUnique({
    where: { accountId_name: { accountId, name } },
    select: { homeRegion: true },
  });
  if (trail === null) {
    throw await auditRefusal(scope, new DomainError("TrailNotFoundException"), { details: { name } });
  }
  await prisma().$transaction(async (tx) => {
    await tx.trail.updateMany({
      where: { accountId, name, status: { not: "Enable" } },
      data: { status: "Enable", startLoggingTime, updatedAt: startLoggingTime },
    });
    await writeAuditEntry(tx, scope, { resource: trailArn(trail.homeRegion, accountId, name), details: { name } });
  });
}
