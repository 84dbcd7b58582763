import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError, type DomainErrorCode } from "@/domain/errors.ts";
import { connectionVerdictOn } from "@/domain/log-service/connection.ts";
import type { ConnectionTestDto, LogProjectRef } from "@/domain/log-service/schema.ts";
import { slsDestinationOf, slsProjectArn } from "@/domain/trail/trail.ts";
import { auditRefusal, writeAuditEntry } from "@/server/access/audit.ts";
import { UnreadableSecretError } from "@/server/access/secrets.ts";
import { prisma, readDatabaseTime } from "@/server/db.ts";
import { askToTakeNothing, type PutLogsTimeouts } from "@/server/sls/client.ts";
import { getSlsTarget } from "./queries.ts";

/** A little more than the longest request (server/sls/client.ts): less would let two tests run at once. */
const LEASE_MS = 65_000;

/** A logstore that no trail can have: a sink that does not know it has checked all the rest. */
const NO_TRAILS_LOGSTORE = "backtrail-connection-test";

/**
 * Asks a log project's sink, by the request that deliveries make and with their key, signature and time-outs, to take no logs, and says what
 * it answered. Nothing is written there. The logstore is that of the first trail that delivers to the project, or else one that is
 * not there. One test of a project at a time, in all processes; each is noted in the audit with its answer.
 * @throws DomainError SlsProjectDoesNotExistException, LogProjectKeyUnreadable, ConnectionTestRunning
 */
export async function testLogProject(
  scope: AccountScope,
  { region, name }: LogProjectRef,
  timeouts?: PutLogsTimeouts,
): Promise<ConnectionTestDto> {
  const { accountId } = scope;
  const resource = slsProjectArn(region, accountId, name);
  const refuse = (code: DomainErrorCode) =>
    auditRefusal(scope, new DomainError(code), { resource, details: { region, name } });
  const target = await getSlsTarget(scope, { projectRegion: region, projectName: name }).catch(
    async (error: unknown) => {
      throw error instanceof UnreadableSecretError ? await refuse("LogProjectKeyUnreadable") : error;
    },
  );
  if (target === null) {
    throw await refuse("SlsProjectDoesNotExistException");
  }
  const where = { accountId, region, name };
  const now = await readDatabaseTime();
  const testedUntil = new Date(now.getTime() + LEASE_MS);
  const lease = await prisma().logProject.updateMany({
    where: { ...where, OR: [{ testedUntil: null }, { testedUntil: { lt: now } }] },
    data: { testedUntil },
  });
  if (lease.count === 0) {
    throw await refuse("ConnectionTestRunning");
  }
  try {
    const answer = await askToTakeNothing(target, await logstoreOf(accountId, { region, name }), {
      signedAt: now,
      signal: AbortSignal.timeout(LEASE_MS),
      ...(timeouts && { timeouts }),
    });
    const verdict = connectionVerdictOn(answer);
    await prisma().$transaction((tx) =>
      writeAuditEntry(tx, scope, { resource, details: { region, name, verdict, ...answer } }),
    );
    return { verdict, answer, testedAt: now.toISOString() };
  } finally {
    await prisma().logProject.updateMany({ where: { ...where, testedUntil }, data: { testedUntil: null } });
  }
}

async function logstoreOf(accountId: string, { region, name }: LogProjectRef): Promise<string> {
  const trails = await prisma().trail.findMany({
    where: { accountId, slsProjectArn: { not: null } },
    orderBy: { name: "asc" },
    select: { name: true, slsProjectArn: true },
  });
  const destinations = trails.map(slsDestinationOf);
  const own = destinations.find((to) => to?.projectRegion === region && to.projectName === name);
  return own?.logstoreName ?? NO_TRAILS_LOGSTORE;
}
