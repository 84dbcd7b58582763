import "server-only";
import type { RamAction } from "@/domain/access/action.ts";
import { resourceOf } from "@/domain/access/resource.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { type DayCount, dayBefore, daysBetween } from "@/domain/event/day-count.ts";
import type { RPC_CALLS, RpcAction, RpcRequest } from "@/domain/rpc/calls.ts";
import { lookupFingerprint, vendorLookup } from "@/domain/rpc/lookup-request.ts";
import { RpcError } from "@/domain/rpc/rpc-error.ts";
import { REGION_NAMES } from "@/domain/trail/region-names.ts";
import { createTrailInputSchema, updateTrailInputSchema } from "@/domain/trail/schema.ts";
import { REGIONS } from "@/domain/trail/trail.ts";
import { updateGlobalEventsStorageRegion } from "@/server/account/commands.ts";
import { findGlobalEventsStorageRegion } from "@/server/account/queries.ts";
import { env } from "@/server/env.ts";
import { lookupEventBodies } from "@/server/event/lookup.ts";
import { type PutEventsBody, putEvents } from "@/server/event/put-events.ts";
import { countEventsOfDays } from "@/server/event/queries.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { deleteHistoryJob } from "@/server/history-job/control.ts";
import { getHistoryJob, listHistoryJobs, listJobHomeRegions } from "@/server/history-job/queries.ts";
import { createTrail, deleteTrail, startLogging, stopLogging, updateTrail } from "@/server/trail/commands.ts";
import { countTrailsOfDays, findTrailDelivery, getTrail, listTrails } from "@/server/trail/queries.ts";
import { historyJobAnswer, historyJobDetailAnswer } from "./history-job-answers.ts";
import { cursorOf, nextTokenOf } from "./next-token.ts";
import { putEventsAnswer } from "./put-events-answer.ts";
import { trailAnswer, trailSettingsAnswer, trailStatusAnswer } from "./trail-answers.ts";
import { vendorTime } from "./vendor-time.ts";

/** What a call knows of its request beside its parameters. */
export type CallContext = {
  /** The database's time. */
  readonly now: Date;
  /** Host and port that the client has called. */
  readonly host: string;
  /** The region that the call names, or null. */
  readonly regionNamed: string | null;
  /** Whether the caller may do this with this resource: a list shows no more. */
  readonly may: (action: RamAction, resource: string) => boolean;
  /** The body of a call whose body is no form. */
  readonly body: PutEventsBody;
};

/** What a call answers, without RequestId. `events` are JSON texts, which go out byte for byte as they are stored. */
export type CallAnswer = { readonly fields: object; readonly events?: readonly string[] };

/** A call that a signature is enough for gets no scope: it reads nothing of the account. */
export type ScopeOf<Action extends RpcAction> = (typeof RPC_CALLS)[Action]["ramAction"] extends null
  ? null
  : AccountScope;

type Calls = {
  readonly [Action in RpcAction]: (
    scope: ScopeOf<Action>,
    request: RpcRequest<Action>,
    context: CallContext,
  ) => Promise<CallAnswer>;
};

/** The vendor gives counts of days for a month. */
const DAYS_DEFAULT = 30;

const DONE: CallAnswer = { fields: {} };

/** Each call of the vendor's API: one command or query of server/, and its answer in the vendor's words. */
export const CALLS: Calls = {
  CreateTrail: async (scope, request, context) => {
    const input = createTrailInputSchema.parse({ ...trailInputOf(request), homeRegion: regionOf(context) });
    await createTrail(scope, input);
    return { fields: trailSettingsAnswer(await getTrail(scope, input.name)) };
  },
  UpdateTrail: async (scope, request) => {
    await updateTrail(scope, updateTrailInputSchema.parse(trailInputOf(request)));
    return { fields: trailSettingsAnswer(await getTrail(scope, request.Name)) };
  },
  DeleteTrail: async (scope, request) => {
    await deleteTrail(scope, { name: request.Name });
    return DONE;
  },
  StartLogging: async (scope, request) => {
    await startLogging(scope, request.Name);
    return DONE;
  },
  StopLogging: async (scope, request) => {
    await stopLogging(scope, { name: request.Name });
    return DONE;
  },
  DescribeTrails: async (scope, request, context) => {
    const trails = (await listTrails(scope)).filter(
      (trail) =>
        context.may(
          "actiontrail:DescribeTrails",
          resourceOf("actiontrail:DescribeTrails", trail.homeRegion, scope.accountId, trail.name),
        ) &&
        (request.NameList.length === 0 || request.NameList.includes(trail.name)) &&
        (request.IncludeOrganizationTrail || !trail.isOrganizationTrail) &&
        (request.IncludeShadowTrails || context.regionNamed === null || trail.homeRegion === context.regionNamed),
    );
    return {
      fields: { TrailList: trails.map((trail) => trailAnswer(trail, context.regionNamed ?? trail.homeRegion)) },
    };
  },
  GetTrailStatus: async (scope, request) => {
    const trail = await getTrail(scope, request.Name);
    if (request.IsOrganizationTrail && !trail.isOrganizationTrail) {
      throw new DomainError("TrailNotFoundException");
    }
    return { fields: trailStatusAnswer(trail, await findTrailDelivery(scope, trail)) };
  },
  LookupEvents: async (scope, request, context) => {
    const { lookup, direction } = vendorLookup(request, context.regionNamed, context.now);
    const fingerprint = lookupFingerprint(request, context.regionNamed);
    const cursor = request.NextToken === "" ? null : cursorOf(request.NextToken, fingerprint);
    const page = await lookupEventBodies(scope, { lookup, direction, pageSize: request.MaxResults, cursor });
    return {
      fields: {
        StartTime: vendorTime(page.from),
        EndTime: vendorTime(page.to),
        ...(page.next === null ? {} : { NextToken: nextTokenOf(page.next, fingerprint) }),
      },
      events: page.events,
    };
  },
  DescribeRegions: async (_scope, request, context) => {
    const language = request.AcceptLanguage ?? "en-US";
    const regions = REGIONS.map((region) => ({
      RegionId: region,
      // Backtrail answers for every region where it was called; the vendor's own endpoints would lead away from it.
      RegionEndpoint: context.host,
      LocalName: REGION_NAMES[region][language],
    }));
    return { fields: { Regions: { Region: regions } } };
  },
  CreateDeliveryHistoryJob: async (scope, request) => {
    const { jobId } = await createHistoryJob(scope, {
      trailName: request.TrailName,
      clientToken: request.ClientToken,
      window: { kind: "default" },
      reason: "",
    });
    return { fields: { JobId: jobId } };
  },
  GetDeliveryHistoryJob: async (scope, request) => {
    const detail = await getHistoryJob(scope, request.JobId);
    if (detail.job.deletedAt !== null) {
      throw new DomainError("DeliveryHistoryJobNotFound");
    }
    return { fields: historyJobDetailAnswer(detail) };
  },
  ListDeliveryHistoryJobs: async (scope, request, { may }) => {
    const { PageNumber, PageSize } = request;
    const action = "actiontrail:ListDeliveryHistoryJobs";
    const homeRegions = (await listJobHomeRegions(scope)).filter((region) =>
      may(action, resourceOf(action, region, scope.accountId)),
    );
    const { jobs, totalCount } = await listHistoryJobs(scope, {
      page: PageNumber,
      pageSize: PageSize,
      withoutDeleted: true,
      homeRegions,
    });
    return {
      fields: { DeliveryHistoryJobs: jobs.map(historyJobAnswer), PageNumber, PageSize, TotalCount: totalCount },
    };
  },
  DeleteDeliveryHistoryJob: async (scope, request) => {
    await deleteHistoryJob(scope, { jobId: request.JobId });
    return DONE;
  },
  GetGlobalEventsStorageRegion: async (scope) => ({
    fields: { StorageRegion: (await findGlobalEventsStorageRegion(scope)) ?? env().BACKTRAIL_REGION },
  }),
  UpdateGlobalEventsStorageRegion: async (scope, request) => {
    await updateGlobalEventsStorageRegion(scope, { region: request.StorageRegion });
    return { fields: { StorageRegion: request.StorageRegion } };
  },
  DescribeUserTrailCount: async (scope, _request, { now }) =>
    dayCountsAnswer(await countTrailsOfDays(scope, daysBetween(dayBefore(now, DAYS_DEFAULT - 1), dayBefore(now, 0)))),
  DescribeUserLogCount: async (scope, request, { now }) => {
    const last = request.EndDate || dayBefore(now, 0);
    const first = request.StartDate || dayBefore(new Date(`${last}T00:00:00Z`), DAYS_DEFAULT - 1);
    if (last > dayBefore(now, 0)) {
      throw new RpcError("InvalidParameterEndTime", { parameter: "EndDate" });
    }
    if (first > last) {
      throw new RpcError("InvalidParameterCombination", { parameter: "StartDate" });
    }
    if (first < dayBefore(now, 90)) {
      throw new RpcError("InvalidParameterStartTimeOutOfDate", { parameter: "StartDate" });
    }
    return dayCountsAnswer(await countEventsOfDays(scope, daysBetween(first, last)));
  },
  PutEvents: async (scope, _request, { body }) => ({ fields: putEventsAnswer(await putEvents(scope, body)) }),
};

/** HomeRegion of what is created: the region that the call names, else that of this installation. */
export function regionOf({ regionNamed }: Pick<CallContext, "regionNamed">): string {
  return regionNamed ?? env().BACKTRAIL_REGION;
}

function trailInputOf(request: RpcRequest<"UpdateTrail"> | RpcRequest<"CreateTrail">) {
  return {
    name: request.Name,
    ...("IsOrganizationTrail" in request ? { isOrganizationTrail: request.IsOrganizationTrail } : {}),
    trailRegion: request.TrailRegion,
    eventRW: request.EventRW,
    slsProjectArn: request.SlsProjectArn,
    slsWriteRoleArn: request.SlsWriteRoleArn,
    ossBucketName: request.OssBucketName,
    ossKeyPrefix: request.OssKeyPrefix,
    ossWriteRoleArn: request.OssWriteRoleArn,
    maxComputeProjectArn: request.MaxComputeProjectArn,
    maxComputeWriteRoleArn: request.MaxComputeWriteRoleArn,
  };
}

function dayCountsAnswer(counts: readonly DayCount[]): CallAnswer {
  return { fields: { Data: { Dates: counts.map(({ day }) => day), Counts: counts.map(({ count }) => count) } } };
}
