import { answerJson } from "@/app/_request/route.ts";
import { readEventHistogram } from "@/app/(console)/events/_components/event-reading.ts";
import { loadEventFilters } from "@/components/event/event-parameters.ts";
import { eventHistogramDtoSchema } from "@/domain/event/schema.ts";

/** How many events the filters of the address ask for, by time. */
export async function GET(request: Request) {
  return answerJson("actiontrail:LookupEvents", eventHistogramDtoSchema, (scope) =>
    readEventHistogram(scope, loadEventFilters(request)),
  );
}
