import type { z } from "zod";
import type { RamAction } from "@/domain/access/action.ts";
import { describeUserLogCountRequest, lookupEventsRequest, noParameters } from "./event-requests.ts";
import {
  createDeliveryHistoryJobRequest,
  deliveryHistoryJobRequest,
  listDeliveryHistoryJobsRequest,
} from "./history-job-requests.ts";
import { describeRegionsRequest, updateGlobalEventsStorageRegionRequest } from "./region-requests.ts";
import {
  createTrailRequest,
  describeTrailsRequest,
  getTrailStatusRequest,
  trailRequest,
  updateTrailRequest,
} from "./trail-requests.ts";

/** The one trail or job that a call is about. */
export type RpcSubject = {
  readonly kind: "trail" | "history-job";
  /** The parameter that names it. */
  readonly parameter: string;
  /** Whether the permission is checked on it alone, or on all of a kind in the region that it is at home in. */
  readonly isResource: boolean;
};

export type RpcCall = {
  /** Of texts by the parameter's name, as they are on the wire, to what the call works with. Others are passed over. */
  readonly request: z.ZodObject;
  /** The permission that it takes; null when a signature is enough. */
  readonly ramAction: RamAction | null;
  readonly subject: RpcSubject | null;
  /** What its body may be: a form with parameters, or the events of PutEvents, which are none and take the signature of version 3. */
  readonly body: "form" | "events";
  /** The vendor's flow control: calls per second of one account (actiontrail.md, 1.1); ours where it names none. */
  readonly perSecondMax: number;
};

const OF_TRAIL: RpcSubject = { kind: "trail", parameter: "Name", isResource: true };
const OF_JOB: RpcSubject = { kind: "history-job", parameter: "JobId", isResource: true };

/** The calls that Backtrail answers, by Action: the vendor's, and one of its own. */
export const RPC_CALLS = {
  CreateTrail: call(createTrailRequest, "actiontrail:CreateTrail", 5),
  UpdateTrail: call(updateTrailRequest, "actiontrail:UpdateTrail", 5, OF_TRAIL),
  DeleteTrail: call(trailRequest, "actiontrail:DeleteTrail", 5, OF_TRAIL),
  DescribeTrails: call(describeTrailsRequest, "actiontrail:DescribeTrails", 100),
  GetTrailStatus: call(getTrailStatusRequest, "actiontrail:GetTrailStatus", 100, OF_TRAIL),
  StartLogging: call(trailRequest, "actiontrail:StartLogging", 5, OF_TRAIL),
  StopLogging: call(trailRequest, "actiontrail:StopLogging", 5, OF_TRAIL),
  LookupEvents: call(lookupEventsRequest, "actiontrail:LookupEvents", 10),
  DescribeRegions: call(describeRegionsRequest, null, 100),
  CreateDeliveryHistoryJob: call(createDeliveryHistoryJobRequest, "actiontrail:CreateDeliveryHistoryJob", 5, {
    kind: "trail",
    parameter: "TrailName",
    isResource: false,
  }),
  GetDeliveryHistoryJob: call(deliveryHistoryJobRequest, "actiontrail:GetDeliveryHistoryJob", 10, OF_JOB),
  ListDeliveryHistoryJobs: call(listDeliveryHistoryJobsRequest, "actiontrail:ListDeliveryHistoryJobs", 10),
  DeleteDeliveryHistoryJob: call(deliveryHistoryJobRequest, "actiontrail:DeleteDeliveryHistoryJob", 5, OF_JOB),
  GetGlobalEventsStorageRegion: call(noParameters, "actiontrail:GetGlobalEventsStorageRegion", 10),
  UpdateGlobalEventsStorageRegion: call(
    updateGlobalEventsStorageRegionRequest,
    "actiontrail:UpdateGlobalEventsStorageRegion",
    5,
  ),
  DescribeUserTrailCount: call(noParameters, "actiontrail:DescribeUserTrailCount", 10),
  DescribeUserLogCount: call(describeUserLogCountRequest, "actiontrail:DescribeUserLogCount", 10),
  /** Ours. */
  PutEvents: { ...call(noParameters, "backtrail:PutEvents", 100), body: "events" },
} as const satisfies Readonly<Record<string, RpcCall>>;

export type RpcAction = keyof typeof RPC_CALLS;

/** What a call works with. */
export type RpcRequest<Action extends RpcAction> = z.output<(typeof RPC_CALLS)[Action]["request"]>;

export function isRpcAction(text: string): text is RpcAction {
  return Object.hasOwn(RPC_CALLS, text);
}

function call<const Request extends z.ZodObject, const Action extends RamAction | null>(
  request: Request,
  ramAction: Action,
  perSecondMax: number,
  subject: RpcSubject | null = null,
) {
  return { request, ramAction, perSecondMax, subject, body: "form" as const };
}
