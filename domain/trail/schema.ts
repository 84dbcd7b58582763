import { z } from "zod";
import { JOB_PHASES } from "@/domain/history-job/history-job.ts";
import { LOGSTORE_NAME_PATTERN } from "@/domain/log-service/log-service.ts";
import { EVENT_RWS, OSS_BUCKET_PATTERN, OSS_KEY_PREFIX_PATTERN, TRAIL_NAME_PATTERN, TRAIL_STATUSES } from "./trail.ts";

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

/** Texts of the database have no NUL. */
const arn = z
  .string()
  .min(1)
  .max(1_000)
  .refine((text) => !text.includes("\0"))
  .nullable();

/** What a trail selects and where it delivers: all that can be changed. */
const trailSettingsShape = {
  /** "All", or region ids separated by commas. */
  trailRegion: z.string().min(1).max(1_000),
  eventRW: z.enum(EVENT_RWS),
  slsProjectArn: arn,
  slsWriteRoleArn: arn,
  // As long as a call's parameter may be, though no such name or prefix is: the rules refuse it, with the vendor's code.
  ossBucketName: z.string().min(1).max(1_000).nullable(),
  ossKeyPrefix: z.string().max(1_000).nullable(),
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

/** Which trail an intention is about: to start, stop or delete it. */
export const trailInputSchema = z.strictObject({ name: z.string().max(1_000) });

/** What the form finds before anything is sent; the rules decide (domain/trail/rules.ts). */
export const TRAIL_FORM_FAULTS = ["name", "logstore-name", "no-region", "no-destination", "bucket", "prefix"] as const;
export type TrailFormFault = (typeof TRAIL_FORM_FAULTS)[number];

/** A trail as a person fills it in: empty text for what it has not; issues carry a TrailFormFault as their message. */
export const trailFormSchema = z
  .object({
    name: z.string().regex(TRAIL_NAME_PATTERN, "name" satisfies TrailFormFault),
    homeRegion: z.string(),
    regionChoice: z.enum(["all", "some"]),
    regions: z.array(z.string()),
    eventRW: z.enum(EVENT_RWS),
    slsProjectArn: z.string(),
    ossBucketName: z.string(),
    ossKeyPrefix: z.string(),
    /** A destination of the trail that the form does not show, and keeps. */
    hasMaxCompute: z.boolean(),
  })
  .superRefine((values, context) => {
    const find = (field: keyof typeof values, message: TrailFormFault) =>
      context.addIssue({ code: "custom", path: [field], message });
    if (values.regionChoice === "some" && values.regions.length === 0) {
      find("regions", "no-region");
    }
    if (values.slsProjectArn === "" && values.ossBucketName === "" && !values.hasMaxCompute) {
      find("slsProjectArn", "no-destination");
    }
    if (values.slsProjectArn !== "" && !LOGSTORE_NAME_PATTERN.test(`actiontrail_${values.name}`)) {
      find("name", "logstore-name");
    }
    if (values.ossBucketName !== "" && !OSS_BUCKET_PATTERN.test(values.ossBucketName)) {
      find("ossBucketName", "bucket");
    }
    if (values.ossBucketName !== "" && !OSS_KEY_PREFIX_PATTERN.test(values.ossKeyPrefix)) {
      find("ossKeyPrefix", "prefix");
    }
  });
export type TrailFormValues = z.infer<typeof trailFormSchema>;

/** A log project that a trail may deliver to. */
export type LogProjectChoiceDto = {
  readonly arn: string;
  readonly region: string;
  readonly name: string;
  readonly isBuiltIn: boolean;
};
