import { z } from "zod";
import { answerDownload, type Download } from "@/app/_request/download.ts";
import { answerJson } from "@/app/_request/route.ts";
import { jobIdOf } from "@/app/(console)/jobs/_components/job-id.ts";
import { DomainError } from "@/domain/errors.ts";
import { CSV_HEAD, csvLine } from "@/domain/history-job/csv.ts";
import { type UndeliverableDto, undeliverablePageDtoSchema } from "@/domain/history-job/schema.ts";
import { listUndeliverable, streamUndeliverable } from "@/server/history-job/undeliverable.ts";

type Context = { params: Promise<{ id: string }> };

/** History begins long after 1970; PostgreSQL knows no year 0. */
const daySchema = z.iso.date().refine((day) => day >= "1970-01-01");

/**
 * The events that a job's sink would not take, of one `region` and `day` if asked for: a page of them behind `after`, or with
 * `format=csv` or `format=ndjson` all of them as a file.
 */
export async function GET(request: Request, { params }: Context) {
  const { id } = await params;
  const query = new URL(request.url).searchParams;
  const filterOf = () => ({ region: query.get("region")?.replaceAll("\0", "") ?? null, day: dayOf(query.get("day")) });
  const format = query.get("format");
  if (format !== "csv" && format !== "ndjson") {
    return answerJson("actiontrail:GetDeliveryHistoryJob", undeliverablePageDtoSchema, async (scope) =>
      listUndeliverable(scope, jobIdOf(id), filterOf(), query.get("after")),
    );
  }
  return answerDownload("actiontrail:GetDeliveryHistoryJob", async (scope) => {
    const jobId = jobIdOf(id);
    const pages = await streamUndeliverable(scope, jobId, filterOf());
    const name = `backtrail-job-${jobId}-undeliverable`;
    return format === "csv" ? asCsv(name, jobId, pages) : asNdjson(name, pages);
  });
}

/** The day that is asked for, or null for all. @throws DomainError InvalidParameterValue */
function dayOf(text: string | null): string | null {
  const day = daySchema.nullable().safeParse(text);
  if (!day.success) {
    throw new DomainError("InvalidParameterValue", { field: "day" });
  }
  return day.data;
}

type Pages = AsyncIterable<readonly UndeliverableDto[]>;

function asNdjson(name: string, pages: Pages): Download {
  const lines = async function* () {
    for await (const page of pages) {
      yield page.map((event) => `${JSON.stringify(event)}\n`).join("");
    }
  };
  return { fileName: `${name}.ndjson`, type: "application/x-ndjson", text: lines() };
}

function asCsv(name: string, jobId: number, pages: Pages): Download {
  const lines = async function* () {
    yield CSV_HEAD + csvLine(["job_id", "region", "day", "event_time", "event_id", "reason"]);
    for await (const page of pages) {
      yield page
        .map(({ region, day, eventTime, eventId, reason }) => csvLine([jobId, region, day, eventTime, eventId, reason]))
        .join("");
    }
  };
  return { fileName: `${name}.csv`, type: "text/csv; charset=utf-8; header=present", text: lines() };
}
