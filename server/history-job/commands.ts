import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import {
  type Creation,
  checkShape,
  decideCreation,
  type Refusal,
  storedRequestOf,
} from "@/domain/history-job/rules.ts";
import type { CreateHistoryJobInput } from "@/domain/history-job/schema.ts";
import { regionsOf, trailArn } from "@/domain/trail/trail.ts";
import { auditRefusal, writeAuditEntry } from "@/server/access/audit.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { arrivalLockKey } from "@/server/event/arrival-lock.ts";
import { countEventsByDay } from "@/server/event/queries.ts";
import type { RegionDayCount } from "@/server/rollup-counts.ts";
import { isUniqueViolation } from "@/server/unique-violation.ts";
import { type DeliveryPlan, readCreationFacts } from "./creation-facts.ts";
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
 *   DeliveryHistoryJobNotFound and IncorrectDeliveryHistoryJobStatus (of the job whose missing events are asked for),
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
    const { facts, plan } = await readCreationFacts(scope, input);
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
        (tx) => insertJob(tx, scope, input, plan, creation),
        TRANSACTION_OPTIONS,
      );
      if (jobId !== null) {
        return { jobId, repeated: false };
      }
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

/** Null when the trail was deleted since it was read: the order of checks then says so. */
async function insertJob(
  tx: Transaction,
  scope: AccountScope,
  input: CreateHistoryJobInput,
  plan: DeliveryPlan | null,
  creation: Extract<Creation, { kind: "create" }>,
): Promise<number | null> {
  if (plan === null) {
    throw new Error("a job was decided on for a trail that was not read");
  }
  const { accountId } = scope;
  // Alone and first: every event with a number up to arrivalMax is committed and counted once the lock is held, and a count
  // in the same statement would still miss the commit that it waited for.
  const [lockClass, lockAccount] = arrivalLockKey(accountId);
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${lockClass}::int4, ${lockAccount}::int4)`;
  // Until the job is there: a deletion of the trail waits for it, and is then refused (server/trail/commands.ts).
  const trails = await tx.$executeRaw`
    SELECT FROM trail WHERE account_id = ${accountId} AND name = ${plan.trailName} FOR SHARE`;
  if (trails === 0) {
    return null;
  }
  const [drawn] = await tx.$queryRaw<{ arrival: bigint }[]>`SELECT nextval('event_arrival_seq') AS arrival`;
  if (drawn === undefined) {
    throw new Error("the arrival sequence gave no number");
  }
  const slices = await countSlices(tx, accountId, plan, creation);
  const { destination, ...delivery } = plan;
  const job = await tx.deliveryHistoryJob.create({
    data: {
      accountId,
      ...delivery,
      ...destination,
      windowFrom: creation.from,
      windowTo: creation.to,
      arrivalMax: drawn.arrival,
      clientToken: input.clientToken === "" ? null : input.clientToken,
      request: storedRequestOf(input),
      reason: input.reason === "" ? null : input.reason,
      createdBy: scope.actor.name,
      createdFrom: scope.actor.from,
      status: 0,
      phase: "queued",
      expected: slices.reduce((sum, slice) => sum + slice.count, 0),
      missingOf: input.window.kind === "missing-of" ? input.window.jobId : null,
    },
    select: { id: true },
  });
  // Not by createMany, which names each value of each row: 26 regions by 91 days are 2,366 slices.
  await tx.$executeRaw`
    INSERT INTO delivery_slice (job_id, region, day, expected, checksum)
    SELECT ${job.id}, slice.region, slice.day, slice.expected, ${new Uint8Array(32)}
    FROM unnest(
      ${slices.map(({ region }) => region)}::text[], ${slices.map(({ day }) => day)}::date[],
      ${slices.map(({ count }) => count)}::bigint[]
    ) AS slice (region, day, expected)`;
  await settleJob(tx, job.id);
  await writeAuditEntry(tx, scope, {
    resource: trailArn(plan.homeRegion, accountId, plan.trailName),
    details: { ...auditDetailsOf(input), jobId: job.id },
  });
  return job.id;
}

/** What the plan's filter matches now, in the slices that the job may have. */
async function countSlices(
  tx: Transaction,
  accountId: string,
  plan: DeliveryPlan,
  { from, to, slices }: Extract<Creation, { kind: "create" }>,
): Promise<RegionDayCount[]> {
  const regions = slices === null ? regionsOf(plan.trailRegion) : slices.map(({ region }) => region);
  const counts = await countEventsByDay(tx, accountId, { regions, eventRW: plan.eventRW, from, to });
  if (slices === null) {
    return counts;
  }
  const wanted = new Set(slices.map(({ region, day }) => `${day} ${region}`));
  return counts.filter(({ region, day }) => wanted.has(`${day} ${region}`));
}

/** The refusal as an error, after it has been noted in the audit. */
function refusalOf(scope: AccountScope, input: CreateHistoryJobInput, refusal: Refusal): Promise<DomainError> {
  return auditRefusal(scope, new DomainError(refusal.code, refusal.details), { details: auditDetailsOf(input) });
}

function auditDetailsOf(input: CreateHistoryJobInput) {
  return { trailName: input.trailName, clientToken: input.clientToken, window: input.window, reason: input.reason };
}
