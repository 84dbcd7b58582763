import { answerDownload } from "@/app/_request/download.ts";
import { loadOpenEvent } from "@/components/event/event-parameters.ts";
import { identityOfRef } from "@/components/event/event-ref.ts";
import { DomainError } from "@/domain/errors.ts";
import { findEvent } from "@/server/event/find.ts";

/** The event that the address names as a file, byte for byte as it is stored. */
export async function GET(request: Request) {
  return answerDownload("actiontrail:LookupEvents", async (scope) => {
    const { event: ref } = loadOpenEvent(request);
    const event = ref === null ? null : await findEvent(scope, identityOfRef(ref));
    if (event === null) {
      throw new DomainError("InvalidParameterValue", { field: "event" });
    }
    return {
      fileName: `backtrail-event-${event.eventId.replace(/[^A-Za-z0-9._-]/g, "_")}.json`,
      type: "application/json",
      text: event.body,
    };
  });
}
