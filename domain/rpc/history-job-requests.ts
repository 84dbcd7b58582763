import { z } from "zod";
import { jobId, optionalText, wholeNumber } from "./parameters.ts";

/** Behind it, at the largest page, there can be no job: their ids are int32. */
const PAGE_NUMBER_MAX = Math.floor(2 ** 31 / 100);

/** The command decides about the shapes of both, because their refusals have an order of their own (design 3.1, 2). */
export const createDeliveryHistoryJobRequest = z.object({
  TrailName: optionalText("InvalidTrailNameException").meta({ isNeeded: true }),
  ClientToken: optionalText("InvalidClientToken.Malformed"),
});

/** Of GetDeliveryHistoryJob and DeleteDeliveryHistoryJob. */
export const deliveryHistoryJobRequest = z.object({ JobId: jobId });

export const listDeliveryHistoryJobsRequest = z.object({
  PageNumber: wholeNumber({ min: 1, max: PAGE_NUMBER_MAX, fallback: 1 }),
  PageSize: wholeNumber({ min: 1, max: 100, fallback: 20 }),
});
