import type { RpcAction } from "./calls.ts";

/** What calls are about, in the order in which a person looks for them. */
export const CALL_GROUPS = ["history-jobs", "trails", "events", "regions"] as const;
type CallGroup = (typeof CALL_GROUPS)[number];

export const GROUP_OF_CALL = {
  CreateDeliveryHistoryJob: "history-jobs",
  GetDeliveryHistoryJob: "history-jobs",
  ListDeliveryHistoryJobs: "history-jobs",
  DeleteDeliveryHistoryJob: "history-jobs",
  DescribeTrails: "trails",
  GetTrailStatus: "trails",
  CreateTrail: "trails",
  UpdateTrail: "trails",
  DeleteTrail: "trails",
  StartLogging: "trails",
  StopLogging: "trails",
  DescribeUserTrailCount: "trails",
  LookupEvents: "events",
  DescribeUserLogCount: "events",
  PutEvents: "events",
  DescribeRegions: "regions",
  GetGlobalEventsStorageRegion: "regions",
  UpdateGlobalEventsStorageRegion: "regions",
} as const satisfies Record<RpcAction, CallGroup>;

/** Every call, group by group. */
export const GROUPED_CALLS = Object.keys(GROUP_OF_CALL) as readonly RpcAction[];
