import type { TrailDto } from "@/domain/trail/schema.ts";
import type { TrailDelivery } from "@/server/trail/queries.ts";
import { vendorTime } from "./vendor-time.ts";

/** What CreateTrail and UpdateTrail answer: the trail as it is now. */
export function trailSettingsAnswer(trail: TrailDto) {
  return {
    Name: trail.name,
    HomeRegion: trail.homeRegion,
    TrailRegion: trail.trailRegion,
    EventRW: trail.eventRW,
    IsOrganizationTrail: trail.isOrganizationTrail,
    ...destinationsOf(trail),
  };
}

/** One of DescribeTrails' TrailList. */
export function trailAnswer(trail: TrailDto, region: string) {
  return {
    Name: trail.name,
    HomeRegion: trail.homeRegion,
    Region: region,
    TrailRegion: trail.trailRegion,
    TrailArn: trail.trailArn,
    EventRW: trail.eventRW,
    Status: trail.status,
    IsOrganizationTrail: trail.isOrganizationTrail,
    OrganizationId: trail.organizationId ?? "",
    OssBucketLocation: trail.ossBucketLocation ?? "",
    ...destinationsOf(trail),
    CreateTime: vendorTime(trail.createdAt),
    UpdateTime: vendorTime(trail.updatedAt),
    ...loggingTimesOf(trail),
  };
}

export function trailStatusAnswer(trail: TrailDto, delivery: TrailDelivery) {
  return {
    IsLogging: trail.status === "Enable",
    ...loggingTimesOf(trail),
    // Backtrail does not deliver to OSS, so it knows of no bucket.
    OssBucketStatus: false,
    LatestDeliveryError: "",
    SlsLogStoreStatus: delivery.isLogstoreThere,
    LatestDeliveryLogServiceError: delivery.failure ?? "",
    ...(delivery.acknowledgedAt === null ? {} : { LatestDeliveryLogServiceTime: vendorTime(delivery.acknowledgedAt) }),
  };
}

function destinationsOf(trail: TrailDto) {
  return {
    SlsProjectArn: trail.slsProjectArn ?? "",
    SlsWriteRoleArn: trail.slsWriteRoleArn ?? "",
    OssBucketName: trail.ossBucketName ?? "",
    OssKeyPrefix: trail.ossKeyPrefix ?? "",
    OssWriteRoleArn: trail.ossWriteRoleArn ?? "",
    MaxComputeProjectArn: trail.maxComputeProjectArn ?? "",
    MaxComputeWriteRoleArn: trail.maxComputeWriteRoleArn ?? "",
  };
}

function loggingTimesOf({ startLoggingTime, stopLoggingTime }: TrailDto) {
  return {
    ...(startLoggingTime === null ? {} : { StartLoggingTime: vendorTime(startLoggingTime) }),
    ...(stopLoggingTime === null ? {} : { StopLoggingTime: vendorTime(stopLoggingTime) }),
  };
}
