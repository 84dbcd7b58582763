import { answerDownload } from "@/app/_request/download.ts";
import { lookupInAddress } from "@/app/(console)/events/_components/event-reading.ts";
import { EVENT_DOWNLOAD_MAX } from "@/components/event/event-download.ts";
import { loadEventFilters } from "@/components/event/event-parameters.ts";
import { asLine } from "@/domain/event/ndjson.ts";
import { streamEventBodies } from "@/server/event/lookup.ts";

/** The events that the filters of the address ask for as NDJSON, in their order, EVENT_DOWNLOAD_MAX at most. */
export async function GET(request: Request) {
  return answerDownload("actiontrail:LookupEvents", async (scope) => {
    const { lookup, direction } = await lookupInAddress(loadEventFilters(request));
    const pages = streamEventBodies(scope, lookup, direction, EVENT_DOWNLOAD_MAX);
    const lines = async function* () {
      for await (const bodies of pages) {
        yield bodies.map(asLine).join("");
      }
    };
    const [from, to] = [lookup.from, lookup.to].map((end) => end.toISOString().slice(0, 19).replaceAll(":", ""));
    return { fileName: `backtrail-events-${from}-${to}.ndjson`, type: "application/x-ndjson", text: lines() };
  });
}
