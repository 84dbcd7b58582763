import type { NextRequest } from "next/server";
import { answerJson } from "@/app/_request/route.ts";
import { readEventPage } from "@/app/(console)/events/_components/event-reading.ts";
import { loadEventFilters } from "@/components/event/event-parameters.ts";
import { eventPageDtoSchema } from "@/domain/event/schema.ts";

/** One page of the events that the filters of the address ask for, behind the one that named `after`. */
export async function GET(request: NextRequest) {
  const { searchParams } = request.nextUrl;
  return answerJson("actiontrail:LookupEvents", eventPageDtoSchema, (scope) =>
    readEventPage(scope, loadEventFilters(searchParams), searchParams.get("after")),
  );
}
