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

/** An intention to create a trail. What the vendor refuses with a code of its own is left to the rules. */
export const createTrailInputSchema = z.strictObject({
  name: z.string().max(1_000),
  homeRegion: z.string().min(1).max(64),
  trailRegion: z.string().min(1).max(1_000).default("All"),
  eventRW: z.enum(EVENT_RWS).default("All"),
  isOrganizationTrail: z.boolean().default(false),
  slsProjectArn: z.string().max(1_000).nullable().default(null),
  ossBucketName: z.string().max(63).nullable().default(null),
  ossBucketLocation: z.string().max(64).nullable().default(null),
});
export type CreateTrailInput = z.infer<typeof createTrailInputSchema>;
