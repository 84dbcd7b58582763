import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import type { CreationFacts, MissingFacts } from "@/domain/history-job/rules.ts";
import { type CreateHistoryJobInput, storedRequestSchema } from "@/domain/history-job/schema.ts";
import type { LogTime } from "@/domain/log-service/log-service.ts";
import { whyNotRedeliverable } from "@/domain/trail/rules.ts";
import { type SlsDestination, slsDestinationOf, type TrailEventRW } from "@/domain/trail/trail.ts";
import { prisma, readDatabaseTime } from "@/server/db.ts";

/** What a job delivers and where to, if it is created. */
export type DeliveryPlan = {
  readonly trailName: string;
  readonly homeRegion: string;
  readonly trailRegion: string;
  readonly eventRW: TrailEventRW;
  readonly destination: SlsDestination;
  readonly logTime: LogTime;
};

/**
 * What the order of checks in design 3.1 looks at, and the plan that it is about: the trail's, or that of the job whose missing
 * events are asked for, which are the trail's as they were then. `plan` is null when there is nothing to deliver or nowhere to.
 */
export async function readCreationFacts(
  scope: AccountScope,
  input: CreateHistoryJobInput,
): Promise<{ facts: CreationFacts; plan: DeliveryPlan | null }> {
  const { accountId } = scope;
  // Before the token: a job that is seen in the slot is then seen by its token, too. The other way round, a retry whose first
  // request commits in between would be told of its own job that another is running.
  const slotJob = await prisma().deliveryHistoryJob.findFirst({
    where: { accountId, status: { in: [0, 1] } },
    select: { id: true },
  });
  const [now, tokenJob, trail, older] = await Promise.all([
    readDatabaseTime(),
    input.clientToken === ""
      ? null
      : prisma().deliveryHistoryJob.findUnique({
          where: { accountId_clientToken: { accountId, clientToken: input.clientToken } },
          select: { id: true, request: true },
        }),
    prisma().trail.findUnique({ where: { accountId_name: { accountId, name: input.trailName } } }),
    input.window.kind === "missing-of" ? findOlderJob(accountId, input.window.jobId) : null,
  ]);
  const source = older?.plan ?? (trail && { ...trail, trailName: trail.name, destination: slsDestinationOf(trail) });
  const destination = source?.destination ?? null;
  const project = destination === null ? null : await findProject(accountId, destination);
  const notValid = trail === null ? null : (whyNotRedeliverable(trail) ?? (project === null ? "no-log-project" : null));
  return {
    facts: {
      now,
      tokenJob: tokenJob && { id: tokenJob.id, request: storedRequestSchema.parse(tokenJob.request) },
      trail: trail && { notValid, startLoggingTime: trail.startLoggingTime },
      missingOf: older?.facts ?? null,
      slotJobId: slotJob?.id ?? null,
    },
    plan:
      source === null || destination === null || project === null
        ? null
        : {
            trailName: source.trailName,
            homeRegion: source.homeRegion,
            trailRegion: source.trailRegion,
            eventRW: source.eventRW as TrailEventRW,
            destination,
            logTime: project.logTime as LogTime,
          },
  };
}

async function findProject(accountId: string, { projectRegion: region, projectName: name }: SlsDestination) {
  return prisma().logProject.findUnique({
    where: { accountId_region_name: { accountId, region, name } },
    select: { logTime: true },
  });
}

/** The job whose missing events are asked for, with its newest finished verification since it ended. */
async function findOlderJob(accountId: string, jobId: number) {
  const row = await prisma().deliveryHistoryJob.findFirst({ where: { id: jobId, accountId } });
  if (row === null) {
    return null;
  }
  const verification = await prisma().jobVerification.findFirst({
    where: { jobId, state: "complete", ...(row.endedAt === null ? {} : { requestedAt: { gte: row.endedAt } }) },
    orderBy: { id: "desc" },
    include: { slices: { orderBy: [{ day: "asc" }, { region: "asc" }] } },
  });
  const facts: MissingFacts = {
    jobId,
    trailName: row.trailName,
    phase: row.phase as JobPhase,
    isDeleted: row.deletedAt !== null,
    windowFrom: row.windowFrom,
    windowTo: row.windowTo,
    verification: verification && {
      isComparable: verification.slices.every(({ method }) => method !== "acknowledged"),
      slicesMissing: verification.slices
        .filter(({ method, missing }) => method === "identity" && Number(missing) > 0)
        .map(({ region, day }) => ({ region, day: day.toISOString().slice(0, 10) })),
    },
  };
  const { projectRegion, projectName, logstoreName } = row;
  return { facts, plan: { ...row, destination: { projectRegion, projectName, logstoreName } } };
}
