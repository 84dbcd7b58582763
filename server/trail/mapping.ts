import "server-only";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { slsDestinationOf, type TrailEventRW, type TrailStatus, trailArn } from "@/domain/trail/trail.ts";
import type { Trail } from "@/prisma/generated/client.ts";

/** The closed sets are held by checks of the table. */
export function toTrailDto(row: Trail, lastJob: TrailDto["lastJob"]): TrailDto {
  return {
    name: row.name,
    trailArn: trailArn(row.homeRegion, row.accountId, row.name),
    status: row.status as TrailStatus,
    homeRegion: row.homeRegion,
    trailRegion: row.trailRegion,
    eventRW: row.eventRW as TrailEventRW,
    isOrganizationTrail: row.isOrganizationTrail,
    organizationId: row.organizationId,
    slsProjectArn: row.slsProjectArn,
    slsWriteRoleArn: row.slsWriteRoleArn,
    ossBucketName: row.ossBucketName,
    ossBucketLocation: row.ossBucketLocation,
    ossKeyPrefix: row.ossKeyPrefix,
    ossWriteRoleArn: row.ossWriteRoleArn,
    maxComputeProjectArn: row.maxComputeProjectArn,
    maxComputeWriteRoleArn: row.maxComputeWriteRoleArn,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    startLoggingTime: row.startLoggingTime?.toISOString() ?? null,
    stopLoggingTime: row.stopLoggingTime?.toISOString() ?? null,
    logstore: slsDestinationOf(row),
    lastJob,
  };
}
