import type { NextRequest } from "next/server";
import { answerJson } from "@/app/_request/route.ts";
import { JOBS_PAGE_SIZE, pageNumberOf } from "@/app/(console)/jobs/_components/paging.ts";
import { historyJobPageDtoSchema } from "@/domain/history-job/schema.ts";
import { listHistoryJobs } from "@/server/history-job/queries.ts";

/** One page of jobs; polled by the jobs page. */
export async function GET(request: NextRequest) {
  const page = pageNumberOf(request.nextUrl.searchParams.get("page"));
  return answerJson("actiontrail:ListDeliveryHistoryJobs", historyJobPageDtoSchema, (scope) =>
    listHistoryJobs(scope, { page, pageSize: JOBS_PAGE_SIZE }),
  );
}
