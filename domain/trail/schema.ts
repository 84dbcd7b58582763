import { z } from "zod";
import { JOB_PHASES } from "@/domain/history-job/history-job.ts";
import { EVENT_RWS, TRAIL_STATUSES } from "./trail.ts";

const instant = z.iso.datetime();

/** What a screen may see of a trail: everything that DescribeTrails returns, its logstore, and its last redelivery. */
export const trailDtoSchema = z.object({
  name: z.string(),
  trailArn: z.string(),
  status: z.enum(TRAIL_STATUSES),
  homeRegion: z.string(),
  trailRegion: z.string(),
  eventRW: z.enum(EVENT_RWS),
  isOrganizationTrail: z.boolean(),
  organizationId: z.string().nullable(),
  slsProjectArn: z.string().nullable(),
  slsWriteRoleArn: z.string().nullable(),
  ossBucketName: z.string().nullable(),
  ossBucketLocation: z.string().nullable(),
  ossKeyPrefix: z.string().nullable(),
  ossWriteRoleArn: z.string().nullable(),
  maxComputeProjectArn: z.string().nullable(),
  maxComputeWriteRoleArn: z.string().nullable(),
  createdAt: instant,
  updatedAt: instant,
  startLoggingTime: instant.nullable(),
  stopLoggingTime: instant.nullable(),
  logstore: z.object({ projectRegion: z.string(), projectName: z.string(), logstoreName: z.string() }).nullable(),
  lastJob: z
    .object({
      id: z.int(),
      phase: z.enum(JOB_PHASES),
      undeliverable: z.int(),
      createdAt: instant,
      endedAt: instant.nullable(),
    })
    .nullable(),
});
export type TrailDto = z.infer<typeof trailDtoSchema>;

const arn = z.string().min(1).max(1_000).nullable();

/** What a trail selects and where it delivers: all that can be changed. */
const trailSettingsShape = {
  /** "All", or region ids separated by commas. */
  trailRegion: z.string().min(1).max(1_000),
  eventRW: z.enum(EVENT_RWS),
  slsProjectArn: arn,
  slsWriteRoleArn: arn,
  ossBucketName: z.string().min(1).max(255).nullable(),
  ossKeyPrefix: z.string().max(255).nullable(),
  ossWriteRoleArn: arn,
  maxComputeProjectArn: arn,
  maxComputeWriteRoleArn: arn,
};
const trailSettingsSchema = z.object(trailSettingsShape);
export type TrailSettings = Readonly<z.infer<typeof trailSettingsSchema>>;

/** An intention to create a trail. What the vendor refuses with a code of its own is left to the rules. */
export const createTrailInputSchema = z.strictObject({
  name: z.string().max(1_000),
  homeRegion: z.string().min(1).max(64),
  isOrganizationTrail: z.boolean().default(false),
  trailRegion: trailSettingsShape.trailRegion.default("All"),
  eventRW: trailSettingsShape.eventRW.default("All"),
  slsProjectArn: arn.default(null),
  slsWriteRoleArn: arn.default(null),
  ossBucketName: trailSettingsShape.ossBucketName.default(null),
  ossBucketLocation: z.string().max(64).nullable().default(null),
  ossKeyPrefix: trailSettingsShape.ossKeyPrefix.default(null),
  ossWriteRoleArn: arn.default(null),
  maxComputeProjectArn: arn.default(null),
  maxComputeWriteRoleArn: arn.default(null),
});
export type CreateTrailInput = z.infer<typeof createTrailInputSchema>;

/** An intention to change the trail of this name: what is not named stays, null takes away. */
export const updateTrailInputSchema = z.strictObject({
  name: z.string().max(1_000),
  ...trailSettingsSchema.partial().shape,
});
export type UpdateTrailInput = z.infer<typeof updateTrailInputSchema>;
