import { z } from "zod";
import { LOOKUP_DIRECTIONS, VENDOR_LOOKUP } from "@/domain/event/lookup.ts";
import { code, oneOf, optionalText, wholeNumber } from "./parameters.ts";

/** The vendor names no default; its example has 20. */
const MAX_RESULTS_DEFAULT = 20;

/** One that goes on behind an event takes 4,262 where its id and region have 256 characters each, which JSON may write with six apiece. */
const NEXT_TOKEN_LENGTH_MAX = 4_300;

const attribute = {
  "LookupAttribute.1.Key": optionalText(),
  "LookupAttribute.1.Value": optionalText(),
  "LookupAttribute.2.Key": optionalText(),
  "LookupAttribute.2.Value": optionalText(),
};

/** Times, attributes and token are judged together (domain/rpc/lookup-request.ts). */
export const lookupEventsRequest = z.object({
  StartTime: optionalText(),
  EndTime: optionalText(),
  MaxResults: wholeNumber({ min: 1, max: VENDOR_LOOKUP.pageSizeMax, fallback: MAX_RESULTS_DEFAULT }),
  Direction: oneOf(LOOKUP_DIRECTIONS),
  NextToken: z.string().max(NEXT_TOKEN_LENGTH_MAX, code("InvalidNextToken")).default(""),
  ...attribute,
});
export type LookupEventsRequest = z.infer<typeof lookupEventsRequest>;

const day = z
  .union([z.literal(""), z.iso.date()], "InvalidParameterValue")
  .default("")
  .meta({ format: "date" });

/** Both UTC days, both in the count; each has a default of its own. */
export const describeUserLogCountRequest = z.object({ StartDate: day, EndDate: day });

export const noParameters = z.object({});
