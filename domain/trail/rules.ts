import type { DomainErrorCode, TrailNotValidReason } from "@/domain/errors.ts";
import { LOGSTORE_NAME_PATTERN, PROJECT_NAME_PATTERN } from "@/domain/log-service/log-service.ts";
import type { CreateTrailInput, TrailSettings, UpdateTrailInput } from "./schema.ts";
import {
  OSS_BUCKET_PATTERN,
  OSS_KEY_PREFIX_PATTERN,
  REGION_PATTERN,
  regionsOf,
  slsDestinationOf,
  slsProjectArn,
  TRAIL_NAME_PATTERN,
  TRAILS_PER_REGION_MAX,
} from "./trail.ts";

/** Why a trail can't be as it is asked for, and the field at fault. */
export type TrailRefusal = { readonly code: DomainErrorCode; readonly field?: string };

/**
 * Why no such trail can be created in this account, whatever else it has, or null: its name, its home region, or what
 * whyNotPossible says.
 * Source: CreateTrail (actiontrail.md, 1.3).
 */
export function whyNotCreatable(accountId: string, input: CreateTrailInput): TrailRefusal | null {
  if (!TRAIL_NAME_PATTERN.test(input.name)) {
    return { code: "InvalidTrailNameException", field: "name" };
  }
  if (!REGION_PATTERN.test(input.homeRegion)) {
    return { code: "InvalidParameterValue", field: "homeRegion" };
  }
  return whyNotPossible(accountId, input.name, input);
}

/**
 * Why a trail of this name can't have these settings, or null: regions that are none, no destination at all, or one that
 * cannot be: no SLS project of this account, no logstore's name, no bucket's name or prefix.
 * Source: CreateTrail, UpdateTrail (actiontrail.md, 1.3).
 */
export function whyNotPossible(accountId: string, name: string, settings: TrailSettings): TrailRefusal | null {
  const regions = regionsOf(settings.trailRegion);
  if (regions !== null && !regions.every((region) => REGION_PATTERN.test(region))) {
    return { code: "InvalidParameterValue", field: "trailRegion" };
  }
  const { slsProjectArn: projectArn, ossBucketName, ossKeyPrefix, maxComputeProjectArn } = settings;
  if (projectArn === null && ossBucketName === null && maxComputeProjectArn === null) {
    return { code: "InvalidDeliveryConfigurationException" };
  }
  if (ossBucketName !== null && !OSS_BUCKET_PATTERN.test(ossBucketName)) {
    return { code: "InvalidParameterValue", field: "ossBucketName" };
  }
  return whyNoPrefix(ossKeyPrefix) ?? (projectArn === null ? null : whyNoLogstore(accountId, name, projectArn));
}

/** Why there is no such prefix, or null. Without a bucket it means nothing and is not kept, but it may have been meant for one. */
export function whyNoPrefix(ossKeyPrefix: string | null): TrailRefusal | null {
  return OSS_KEY_PREFIX_PATTERN.test(ossKeyPrefix ?? "")
    ? null
    : { code: "InvalidPrefixException", field: "ossKeyPrefix" };
}

function whyNoLogstore(accountId: string, name: string, projectArn: string): TrailRefusal | null {
  const destination = slsDestinationOf({ name, slsProjectArn: projectArn });
  const isOwn =
    destination !== null && projectArn === slsProjectArn(destination.projectRegion, accountId, destination.projectName);
  // What is no region and no project's name is not looked up: none can be there.
  if (
    !isOwn ||
    !REGION_PATTERN.test(destination.projectRegion) ||
    !PROJECT_NAME_PATTERN.test(destination.projectName)
  ) {
    return { code: "SlsProjectDoesNotExistException", field: "slsProjectArn" };
  }
  // A trail's name may end in a way that its logstore's may not (actiontrail.md, 1.3, Limits).
  return LOGSTORE_NAME_PATTERN.test(destination.logstoreName) ? null : { code: "CreateLogStoreError", field: "name" };
}

/** What the account has of trails already, when one more is asked for. */
export type TrailRoom = {
  readonly isNameTaken: boolean;
  readonly inHomeRegion: number;
  readonly organizationTrails: number;
};

/** Why the account has no room for one more trail, or null. Source: limits (actiontrail.md, 1.3 and 2.2). */
export function whyNoRoom(
  { isNameTaken, inHomeRegion, organizationTrails }: TrailRoom,
  { isOrganizationTrail }: Pick<CreateTrailInput, "isOrganizationTrail">,
): TrailRefusal | null {
  if (isNameTaken) {
    return { code: "TrailAlreadyExistsException", field: "name" };
  }
  if (inHomeRegion >= TRAILS_PER_REGION_MAX) {
    return { code: "MaximumNumberOfTrailsExceededException", field: "homeRegion" };
  }
  return isOrganizationTrail && organizationTrails > 0 ? { code: "MaximumNumberOfOrganizationTrailExceeded" } : null;
}

/** A trail's settings after an update: what it doesn't name stays, null takes away. */
export function settingsAfter(before: TrailSettings, { name: _name, ...changes }: UpdateTrailInput): TrailSettings {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return normalized({ ...before, ...given });
}

/** Without what belongs to a destination that is not there, and regions as the vendor writes them. */
export function normalized<Settings extends TrailSettings>(settings: Settings): Settings {
  const regions = regionsOf(settings.trailRegion);
  return {
    ...settings,
    trailRegion: regions === null ? "All" : [...new Set(regions)].join(","),
    ossKeyPrefix: settings.ossBucketName === null || settings.ossKeyPrefix === "" ? null : settings.ossKeyPrefix,
    slsWriteRoleArn: settings.slsProjectArn === null ? null : settings.slsWriteRoleArn,
    ossWriteRoleArn: settings.ossBucketName === null ? null : settings.ossWriteRoleArn,
    maxComputeWriteRoleArn: settings.maxComputeProjectArn === null ? null : settings.maxComputeWriteRoleArn,
  };
}

/**
 * Why no history of this trail can be redelivered, whatever the window, or null when it can: only single-account trails
 * that deliver to SLS are redelivered. Being stopped or never enabled is no reason.
 * Source: CreateDeliveryHistoryJob (actiontrail.md, 1.2); design 3.1, rule 5.
 */
export function whyNotRedeliverable(trail: {
  readonly name: string;
  readonly isOrganizationTrail: boolean;
  readonly slsProjectArn: string | null;
}): TrailNotValidReason | null {
  if (trail.isOrganizationTrail) {
    return "organization-trail";
  }
  return slsDestinationOf(trail) === null ? "no-sls-destination" : null;
}
