/** 6 to 36 characters, lowercase letters, digits, `-`, `_`, a letter first (actiontrail.md, 1.3). */
export const TRAIL_NAME_PATTERN = /^[a-z][a-z0-9_-]{5,35}$/;

/** As many trails may have one home region (actiontrail.md, 1.3). */
export const TRAILS_PER_REGION_MAX = 5;

/** A region's id, as "cn-hangzhou": the vendor's own, or those of a private cloud. */
export const REGION_PATTERN = /^[a-z]{2,8}(-[a-z0-9]+){1,5}$/;

/** 3 to 63 characters, lowercase letters, digits, `-`, a letter or digit first (actiontrail.md, 1.3). */
export const OSS_BUCKET_PATTERN = /^[a-z0-9][a-z0-9-]{2,62}$/;

/** Empty, or 6 to 32 letters, digits, `-`, `/`, `_`, a letter first (actiontrail.md, 1.3). */
export const OSS_KEY_PREFIX_PATTERN = /^([A-Za-z][A-Za-z0-9/_-]{5,31})?$/;

/** The regions in which the vendor offers ActionTrail: what a person is offered; others with a proper id are taken, too. */
export const REGIONS = [
  "cn-beijing",
  "cn-chengdu",
  "cn-guangzhou",
  "cn-hangzhou",
  "cn-heyuan",
  "cn-hongkong",
  "cn-huhehaote",
  "cn-nanjing",
  "cn-qingdao",
  "cn-shanghai",
  "cn-shenzhen",
  "cn-wulanchabu",
  "cn-zhangjiakou",
  "cn-zhongwei",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-southeast-1",
  "ap-southeast-3",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "eu-central-1",
  "eu-west-1",
  "me-central-1",
  "me-east-1",
  "na-south-1",
  "us-east-1",
  "us-west-1",
] as const;

export const EVENT_RWS = ["All", "Read", "Write"] as const;
export type TrailEventRW = (typeof EVENT_RWS)[number];

/** Fresh: created, never enabled. */
export const TRAIL_STATUSES = ["Fresh", "Enable", "Disable"] as const;
export type TrailStatus = (typeof TRAIL_STATUSES)[number];

export type SlsDestination = {
  readonly projectRegion: string;
  readonly projectName: string;
  readonly logstoreName: string;
};

const SLS_PROJECT_ARN_PATTERN = /^acs:log:([^:]+):([0-9]+):project\/(.+)$/;

/** Where a trail's events go in SLS: its project, and the logstore that is named after it; null when it has no project. */
export function slsDestinationOf(trail: { name: string; slsProjectArn: string | null }): SlsDestination | null {
  const [, projectRegion, , projectName] = SLS_PROJECT_ARN_PATTERN.exec(trail.slsProjectArn ?? "") ?? [];
  if (projectRegion === undefined || projectName === undefined) {
    return null;
  }
  return { projectRegion, projectName, logstoreName: `actiontrail_${trail.name}` };
}

export function slsProjectArn(region: string, accountId: string, projectName: string): string {
  return `acs:log:${region}:${accountId}:project/${projectName}`;
}

/** The service-linked role, which the vendor takes when none is named (actiontrail.md, 1.3). */
export function serviceLinkedRoleArn(accountId: string): string {
  return `acs:ram::${accountId}:role/aliyunserviceroleforactiontrail`;
}

export function trailArn(homeRegion: string, accountId: string, name: string): string {
  return `acs:actiontrail:${homeRegion}:${accountId}:trail/${name}`;
}

/** The regions a trail selects; null for all. */
export function regionsOf(trailRegion: string): string[] | null {
  return trailRegion === "All" ? null : trailRegion.split(",").map((region) => region.trim());
}
