import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import {
  LOGSTORE_NAME_PATTERN,
  LogServiceError,
  type LogServiceErrorCode,
  type LogstoreName,
  logstoreArn,
} from "@/domain/log-service/log-service.ts";
import { writeAuditEntry, writeRefusal } from "@/server/access/audit.ts";
import { prisma } from "@/server/db.ts";

/**
 * Makes a logstore for a client, noted in the audit. A repeat is refused, as the vendor does.
 * @throws LogServiceError ParameterInvalid when SLS would not take the name, ProjectNotExist, LogStoreAlreadyExist
 */
export async function createClientLogstore(scope: AccountScope, name: LogstoreName): Promise<void> {
  const { region, project, logstore } = name;
  const details = { region, project, logstore };
  const refuse = async (code: LogServiceErrorCode, message: string, resource?: string) => {
    await writeRefusal({ ...scope, errorCode: code, resource, details });
    return new LogServiceError(code, message);
  };
  if (!LOGSTORE_NAME_PATTERN.test(logstore)) {
    throw await refuse("ParameterInvalid", `logstore name ${logstore} is invalid`);
  }
  const resource = logstoreArn(scope.accountId, name);
  const row = await prisma().logProject.findUnique({
    where: { accountId_region_name: { accountId: scope.accountId, region, name: project }, endpoint: null },
    select: { id: true },
  });
  if (row === null) {
    throw await refuse("ProjectNotExist", `The Project does not exist : ${project}`, resource);
  }
  const isCreated = await prisma().$transaction(async (tx) => {
    const data = { logProjectId: row.id, name: logstore };
    const { count } = await tx.logstore.createMany({ data, skipDuplicates: true });
    if (count === 1) {
      await writeAuditEntry(tx, scope, { resource, details });
    }
    return count === 1;
  });
  if (!isCreated) {
    throw await refuse("LogStoreAlreadyExist", `logstore ${logstore} already exists`, resource);
  }
}
