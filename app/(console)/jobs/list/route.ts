import type { NextRequest } from "next/server";
import { answerJson } from "@/app/_request/route.ts";
import { jobFilterOf, loadJobParameters } from "@/app/(console)/jobs/_components/job-parameters.ts";
import { parseJobPlace } from "@/domain/history-job/job-list.ts";
import { historyJobListDtoSchema } from "@/domain/history-job/schema.ts";
import { listJobs } from "@/server/history-job/job-list.ts";

/** The jobs of a list from its beginning, or behind the place `after`; asked for as somebody scrolls. */
export async function GET(request: NextRequest) {
  const query = request.nextUrl.searchParams;
  const parameters = loadJobParameters(query);
  return answerJson("actiontrail:ListDeliveryHistoryJobs", historyJobListDtoSchema, (scope) =>
    listJobs(scope, jobFilterOf(parameters), parameters.order, parseJobPlace(query.get("after") ?? "")),
  );
}
