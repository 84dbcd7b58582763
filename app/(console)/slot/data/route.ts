import type { NextRequest } from "next/server";
import { answerJson } from "@/app/_request/route.ts";
import { jobIdSchema, slotDtoSchema } from "@/domain/history-job/schema.ts";
import { findSlotJob } from "@/server/history-job/queries.ts";

/** Who holds the account's slot, and how job `after` ended, which the asker saw in it last; polled by every page. */
export async function GET(request: NextRequest) {
  const after = jobIdSchema.safeParse(Number(request.nextUrl.searchParams.get("after")));
  return answerJson("actiontrail:ListDeliveryHistoryJobs", slotDtoSchema, (scope) =>
    findSlotJob(scope, after.data ?? null),
  );
}
