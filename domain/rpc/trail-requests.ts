import { z } from "zod";
import { EVENT_RWS, TRAIL_NAME_PATTERN } from "@/domain/trail/trail.ts";
import { clearableText, code, flag, oneOf, optionalText, requiredText, trailName } from "./parameters.ts";

const settings = {
  TrailRegion: optionalText().transform((text) => (text === "" ? undefined : text)),
  EventRW: oneOf(EVENT_RWS),
  SlsProjectArn: clearableText("SlsProjectDoesNotExistException"),
  SlsWriteRoleArn: clearableText(),
  OssBucketName: clearableText(),
  OssKeyPrefix: clearableText("InvalidPrefixException"),
  OssWriteRoleArn: clearableText(),
  MaxComputeProjectArn: clearableText(),
  MaxComputeWriteRoleArn: clearableText(),
};

/** The command decides about the name's shape. */
export const createTrailRequest = z.object({
  Name: requiredText("InvalidTrailNameException"),
  IsOrganizationTrail: flag,
  ...settings,
});

/** What is left out stays; an empty destination is taken away. */
export const updateTrailRequest = z.object({ Name: trailName, ...settings });

/** Of DeleteTrail, StartLogging and StopLogging. */
export const trailRequest = z.object({ Name: trailName });

export const getTrailStatusRequest = z.object({ Name: trailName, IsOrganizationTrail: flag });

/** All trails of an account, five in each of 28 regions, take 5,179 characters; spaces behind commas may be more. */
const NAME_LIST_LENGTH_MAX = 10_000;

export const describeTrailsRequest = z.object({
  /** Names separated by commas; all trails when empty. */
  NameList: optionalText("InvalidTrailNameException", NAME_LIST_LENGTH_MAX)
    .transform((text) =>
      text
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== ""),
    )
    .refine((names) => names.every((name) => TRAIL_NAME_PATTERN.test(name)), code("InvalidTrailNameException")),
  IncludeShadowTrails: flag,
  IncludeOrganizationTrail: flag,
});
