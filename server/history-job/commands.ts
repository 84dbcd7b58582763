import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import {
  type CreationFacts,
  checkShape,
  decideCreation,
  type Refusal,
  storedRequestOf,
} from "@/domain/history-job/rules.ts";
import { type CreateHistoryJobInput, storedRequestSchema } from "@/domain/history-job/schema.ts";
import { whyNotRedeliverable } from "@/domain/trail/rules.ts";
import { regionsOf, type SlsDestination, slsDestinationOf, trailArn } from "@/domain/trail/trail.ts";
import type { Trail } from "@/prisma/generated/client.ts";
import { auditRefusal, writeAuditEntry } from "@/server/access/audit.ts";
import { prisma, readDatabaseTime, type Transaction } from "@/server/db.ts";
import { arrivalLockKey } from "@/server/event/arrival-lock.ts";
import { countEventsByDay } from "@/server/event/queries.ts";
import { isUniqueViolation } from "@/server/unique-violation.ts";
import { settleJob } from "./settle.ts";

/** Who loses a race on an index goes through the whole order again; three losses in a row mean a fault or a flood. */
const TRIES_MAX = 3;

/**
 * READ COMMITTED whatever the server's default is: under a stricter level the count would not see the commits that the
 * arrival lock waited for. The limits leave time to wait for that lock behind recording transactions, which are short, and
 * behind other creations.
 */
const TRANSACTION_OPTIONS = { isolationLevel: "ReadCommitted", maxWait: 30_000, timeout: 30_000 } as const;

/**
 * Creates a history job, or answers the one that the account has already created with this client token. The order of the
 * checks is design 3.1's. At most one job per token and one running job per account hold by the unique indexes; what is
 * read before the insert only chooses the better refusal. Job, slices, first queue entries and the audit entry are one
 * transaction; a refused request uses up no token. Safe to repeat with the same token.
 *
 * @throws DomainError MissingTrailName, InvalidTrailNameException, InvalidClientToken.Malformed, IdempotentParameterMismatch,
 *   TrailNotFoundException, TrailNotValid, InvalidParameterCombination, InvalidParameterStartTimeOutOfDate,
 *   MaximumNumberOfDeliveryHistoryJobsExceededException, ServiceUnavailable
 */
export async function createHistoryJob(
  scope: AccountScope,
  input: CreateHistoryJobInput,
): Promise<{ jobId: number; repeated: boolean }> {
  const malformed = checkShape(input);
  if (malformed !== null) {
    throw await refusalOf(scope, input, malformed);
  }
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { facts, trail } = await readFacts(scope, input);
    const creation = decideCreation(input, facts);
    if (creation.kind === "refuse") {
      throw await refusalOf(scope, input, creation);
    }
    if (creation.kind === "reuse") {
      await prisma().$transaction((tx) =>
        writeAuditEntry(tx, scope, { details: { ...auditDetailsOf(input), jobId: creation.jobId, repeated: true } }),
      );
      return { jobId: creation.jobId, repeated: true };
    }
    try {
      const jobId = await prisma().$transaction(
        (tx) => insertJob(tx, scope, input, trail, creation),
        TRANSACTION_OPTIONS,
      );
      return { jobId, repeated: false };
    } catch (error) {
      if (
        !isUniqueViolation(error, ["delivery_history_job_slot_key", "delivery_history_job_account_id_client_token_key"])
      ) {
        throw error;
      }
    }
  }
  throw await refusalOf(scope, input, { kind: "refuse", code: "ServiceUnavailable", details: {} });
}

/** A trail that can be redelivered, and where to. */
type RedeliverableTrail = { readonly row: Trail; readonly destination: SlsDestination };

async function readFacts(
  scope: AccountScope,
  input: CreateHistoryJobInput,
): Promise<{ facts: CreationFacts; trail: RedeliverableTrail | null }> {
  const { accountId } = scope;
  // Before the token: a job that is seen in the slot is then seen by its token, too. The other way round, a retry whose first
  // request commits in between would be told of its own job that another is running.
  const slotJob = await prisma().deliveryHistoryJob.findFirst({
    where: { accountId, status: { in: [0, 1] } },
    select: { id: true },
  });
  const [now, tokenJob, row] = await Promise.all([
    readDatabaseTime(),
    input.clientToken === ""
      ? null
      : prisma().deliveryHistoryJob.findUnique({
          where: { accountId_clientToken: { accountId, clientToken: input.clientToken } },
          select: { id: true, request: true },
        }),
    prisma().trail.findUnique({ where: { accountId_name: { accountId, name: input.trailName } } }),
  ]);
  const destination = row === null ? null : slsDestinationOf(row);
  const project =
    destination === null
      ? null
      : await prisma().logProject.findUnique({
          where: {
            accountId_region_name: { accountId, region: destination.projectRegion, name: destination.projectName },
          },
          select: { id: true },
        });
  const notValid = row === null ? null : (whyNotRedeliverable(row) ?? (project === null ? "no-log-project" : null));
  return {
    facts: {
      now,
      tokenJob: tokenJob && { id: tokenJob.id, request: storedRequestSchema.parse(tokenJob.request) },
      trail: row && { notValid, startLoggingTime: row.startLoggingTime },
      slotJobId: slotJob?.id ?? null,
    },
    trail: row === null || destination === null ? null : { row, destination },
  };
}

async function insertJob(
  tx: Transaction,
  scope: AccountScope,
  input: CreateHistoryJobInput,
  trail: RedeliverableTrail | null,
  window: { readonly from: Date; readonly to: Date },
): Promise<number> {
  if (trail === null) {
    throw new Error("a job was decided on for a trail that was not read");
  }
  const { row, destination } = trail;
  const { accountId } = scope;
  // Alone and first: every event with a number up to arrivalMax is committed and counted once the lock is held, and a count
  // in the same statement would still miss the commit that it waited for.
  const [lockClass, lockAccount] = arrivalLockKey(accountId);
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${lockClass}::int4, ${lockAccount}::int4)`;
  const [drawn] = await tx.$queryRaw<{ arrival: bigint }[]>`SELECT nextval('event_arrival_seq') AS arrival`;
  if (drawn === undefined) {
    throw new Error("the arrival sequence gave no number");
  }
  const slices = await countEventsByDay(tx, accountId, {
    regions: regionsOf(row.trailRegion),
    eventRW: row.eventRW as "All" | "Read" | "Write",
    from: window.from,
    to: window.to,
  });
  const job = await tx.deliveryHistoryJob.create({
    data: {
      accountId,
      trailName: row.name,
      homeRegion: row.homeRegion,
      trailRegion: row.trailRegion,
      eventRW: row.eventRW,
      ...destination,
      windowFrom: window.from,
      windowTo: window.to,
      arrivalMax: drawn.arrival,
      clientToken: input.clientToken === "" ? null : input.clientToken,
      request: storedRequestOf(input),
      reason: input.reason === "" ? null : input.reason,
      createdBy: scope.actor.name,
      createdFrom: scope.actor.from,
      status: 0,
      phase: "queued",
      expected: slices.reduce((sum, slice) => sum + slice.count, 0),
    },
    select: { id: true },
  });
  await tx.deliverySlice.createMany({
    data: slices.map(({ region, day, count }) => ({
      jobId: job.id,
      region,
      day: new Date(`${day}T00:00:00Z`),
      expected: count,
      checksum: new Uint8Array(32),
    })),
  });
  await settleJob(tx, job.id);
  await writeAuditEntry(tx, scope, {
    resource: trailArn(row.homeRegion, accountId, row.name),
    details: { ...auditDetailsOf(input), jobId: job.id },
  });
  return job.id;
}

/** The refusal as an error, after it has been noted in the audit. */
function refusalOf(scope: AccountScope, input: CreateHistoryJobInput, refusal: Refusal): Promise<DomainError> {
  return auditRefusal(scope, new DomainError(refusal.code, refusal.details), { details: auditDetailsOf(input) });
}

function auditDetailsOf(input: CreateHistoryJobInput) {
  return { trailName: input.trailName, clientToken: input.clientToken, window: input.window, reason: input.reason };
}
