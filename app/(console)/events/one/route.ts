import { answerJson } from "@/app/_request/route.ts";
import { loadOpenEvent } from "@/components/event/event-parameters.ts";
import { identityOfRef } from "@/components/event/event-ref.ts";
import { eventAnswerDtoSchema } from "@/domain/event/schema.ts";
import { findEvent } from "@/server/event/find.ts";

/** The event that the address names, whole; null when history has none of this name. */
export async function GET(request: Request) {
  return answerJson("actiontrail:LookupEvents", eventAnswerDtoSchema, async (scope) => {
    const { event } = loadOpenEvent(request);
    return {
      now: new Date().toISOString(),
      event: event === null ? null : await findEvent(scope, identityOfRef(event)),
    };
  });
}
