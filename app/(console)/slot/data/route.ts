import { answerJson } from "@/app/_request/route.ts";
import { slotDtoSchema } from "@/domain/history-job/schema.ts";
import { findSlotJob } from "@/server/history-job/queries.ts";

/** Who holds the account's slot; polled by every page. */
export async function GET() {
  return answerJson("actiontrail:ListDeliveryHistoryJobs", slotDtoSchema, findSlotJob);
}
