import type { NextRequest } from "next/server";
import { answerJson } from "@/app/_request/route.ts";
import { jobFilterOf, loadJobParameters } from "@/app/(console)/jobs/_components/job-parameters.ts";
import { jobIdSchema, watchedJobsDtoSchema } from "@/domain/history-job/schema.ts";
import { watchJobs } from "@/server/history-job/job-list.ts";

/** More rows than any screen shows at a time. */
const WATCHED_MAX = 200;

/**
 * The jobs `ids` as they are now, how many of a list are newer than `newest`, and the slot, in which the asker saw job `slot` last; polled by the
 * jobs page.
 */
export async function GET(request: NextRequest) {
  const query = request.nextUrl.searchParams;
  const ids = (query.get("ids") ?? "")
    .split(",", WATCHED_MAX)
    .flatMap((id) => jobIdSchema.safeParse(Number(id)).data ?? []);
  const newestId = jobIdSchema.safeParse(Number(query.get("newest"))).data ?? 0;
  const slotJobId = jobIdSchema.safeParse(Number(query.get("slot"))).data ?? null;
  return answerJson("actiontrail:ListDeliveryHistoryJobs", watchedJobsDtoSchema, (scope) =>
    watchJobs(scope, jobFilterOf(loadJobParameters(query)), { ids, newestId, slotJobId }),
  );
}
