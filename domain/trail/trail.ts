/** 6 to 36 characters, lowercase letters, digits, `-`, `_`, a letter first (actiontrail.md, 1.3). */
export const TRAIL_NAME_PATTERN = /^[a-z][a-z0-9_-]{5,35}$/;

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

export function trailArn(homeRegion: string, accountId: string, name: string): string {
  return `acs:actiontrail:${homeRegion}:${accountId}:trail/${name}`;
}

/** The regions a trail selects; null for all. */
export function regionsOf(trailRegion: string): string[] | null {
  return trailRegion === "All" ? null : trailRegion.split(",").map((region) => region.trim());
}
