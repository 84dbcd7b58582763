import "server-only";
import type { PolicyDocument } from "@/domain/access/policy.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import {
  LOGSTORE_NAME_PATTERN,
  type LogstoreName,
  logstoreArn,
  PROJECT_NAME_PATTERN,
  type StoredCounts,
} from "@/domain/log-service/log-service.ts";
import { slsProjectArn } from "@/domain/trail/trail.ts";
import { encryptNewSecret, makeAccessKey } from "@/server/access/access-keys.ts";
import { auditRefusal, writeAuditEntry } from "@/server/access/audit.ts";
import { prisma } from "@/server/db.ts";
import type { DecodedLogGroup } from "@/server/sls/log-group.ts";
import { inTransaction } from "@/server/transaction.ts";
import { sortLogs } from "./mapping.ts";
import { getLogstoreId } from "./queries.ts";
import { storeInTransaction } from "./storing.ts";

/**
 * Afterwards the account has a log project of this region and name. One that is made now is of the built-in log service, with
 * an access key of its own that may write to it and do nothing else; one that exists stays as it is, so a repeat is safe.
 * @throws DomainError InvalidParameterValue when SLS would not take the name
 */
export async function createBuiltInLogProject(
  scope: AccountScope,
  { region, name }: { readonly region: string; readonly name: string },
): Promise<void> {
  if (!PROJECT_NAME_PATTERN.test(name)) {
    const refusal = new DomainError("InvalidParameterValue", { field: "name" });
    throw await auditRefusal(scope, refusal, { details: { region, name } });
  }
  const { accountId } = scope;
  const key = makeAccessKey();
  const { id: keyId } = key;
  await prisma().$transaction(async (tx) => {
    await tx.accessKey.create({
      data: {
        id: keyId,
        accountId,
        secretCiphertext: encryptNewSecret(key),
        policy: writePolicy(accountId, region, name),
      },
    });
    const { count } = await tx.logProject.createMany({
      data: { accountId, region, name, builtInKeyId: keyId },
      skipDuplicates: true,
    });
    if (count === 0) {
      await tx.accessKey.delete({ where: { id: keyId } });
      return;
    }
    await writeAuditEntry(tx, scope, {
      resource: slsProjectArn(region, accountId, name),
      details: { region, name, accessKeyId: keyId },
    });
  });
}

function writePolicy(accountId: string, region: string, project: string): PolicyDocument {
  const resource = logstoreArn(accountId, { region, project, logstore: "*" });
  return { Version: "1", Statement: [{ Effect: "Allow", Action: ["log:PostLogStoreLogs"], Resource: [resource] }] };
}

/**
 * Afterwards the built-in log project has this logstore. Safe to repeat. Part of another command, the creation of a trail, whose
 * audit entry speaks for both.
 * @throws DomainError InvalidParameterValue when SLS would not take the name, SlsProjectDoesNotExistException when the
 * account has no such project of the built-in log service
 */
export async function createLogstore(scope: AccountScope, { region, project, logstore }: LogstoreName): Promise<void> {
  if (!LOGSTORE_NAME_PATTERN.test(logstore)) {
    throw new DomainError("InvalidParameterValue", { field: "logstore" });
  }
  const row = await prisma().logProject.findUnique({
    where: { accountId_region_name: { accountId: scope.accountId, region, name: project }, endpoint: null },
    select: { id: true },
  });
  if (row === null) {
    throw new DomainError("SlsProjectDoesNotExistException");
  }
  await prisma().logstore.createMany({ data: { logProjectId: row.id, name: logstore }, skipDuplicates: true });
}

/**
 * Stores the logs of one request, all or none, and says what became of each. A log whose content `event` has a valid identity is
 * stored once per identity: the first text stays, the same text again is present, another one is a conflict and is listed
 * (`LogConflict`). Logs without one are stored each time they come. The rollup counts exactly the stored identities.
 *
 * Safe to repeat: a job that sends a batch again gets the same counts again, because `new` means first stored by this job. Writes no
 * audit entry: a delivery is recorded as its history job, not request by request.
 * @throws LogServiceError ProjectNotExist, LogStoreNotExist
 */
export async function storeLogs(
  scope: AccountScope,
  name: LogstoreName,
  logGroup: DecodedLogGroup,
): Promise<StoredCounts> {
  const logstoreId = await getLogstoreId(scope, name);
  const sorted = sortLogs(logGroup);
  return inTransaction((client) => storeInTransaction(client, logstoreId, sorted));
}
