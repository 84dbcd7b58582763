import { answerDownload } from "@/app/_request/download.ts";
import {
  loadLogParameters,
  logSearchOf,
} from "@/app/(console)/destinations/[region]/[project]/[logstore]/_components/log-parameters.ts";
import { DomainError } from "@/domain/errors.ts";
import type { LogstoreName } from "@/domain/log-service/log-service.ts";
import { parseLogQuery } from "@/domain/log-service/query.ts";
import { type LogDto, parseLogKey } from "@/domain/log-service/schema.ts";
import { findLog, streamLogs } from "@/server/log-service/log-search.ts";

type Context = { params: Promise<LogstoreName> };

/**
 * The logs that a search of the address finds, as NDJSON in which `event` is each event's text as it was received; or, with `log`, the
 * event of that log alone, byte for byte.
 */
export async function GET(request: Request, { params }: Context) {
  return answerDownload("log:GetLogStoreLogs", async (scope) => {
    const name = await params;
    const parameters = loadLogParameters(request);
    if (parameters.log !== null) {
      const key = parseLogKey(parameters.log);
      const log = key && (await findLog(scope, name, key));
      if (log === null) {
        throw new DomainError("InvalidParameterValue", { field: "log" });
      }
      const fileName = `event-${log.eventId.replace(/[^\w-]/g, "_").slice(0, 100)}.json`;
      return { fileName, type: "application/json", text: log.event };
    }
    const parsed = parseLogQuery(parameters.q ?? "");
    if ("fault" in parsed) {
      throw new DomainError("InvalidParameterValue", { field: "q" });
    }
    const pages = await streamLogs(scope, name, logSearchOf(parameters, parsed.condition));
    return { fileName: `${name.logstore}.ndjson`, type: "application/x-ndjson", text: linesOf(pages) };
  });
}

async function* linesOf(pages: AsyncIterable<readonly LogDto[]>): AsyncGenerator<string> {
  for await (const page of pages) {
    yield page
      .map(({ time, topic, source, tags, receivedAt, event }) =>
        JSON.stringify({ time, topic, source, tags, receivedAt, event }),
      )
      .map((line) => `${line}\n`)
      .join("");
  }
}
