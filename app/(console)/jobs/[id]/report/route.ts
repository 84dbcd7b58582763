import { answerDownload } from "@/app/_request/download.ts";
import { jobIdOf } from "@/app/(console)/jobs/_components/job-id.ts";
import { reportAsCsv } from "@/domain/history-job/report-csv.ts";
import { historyJobReportDtoSchema } from "@/domain/history-job/schema.ts";
import { getHistoryJobReport } from "@/server/history-job/report.ts";

type Context = { params: Promise<{ id: string }> };

/** The report of a job as a file: `format=csv` for spreadsheets, otherwise JSON. */
export async function GET(request: Request, { params }: Context) {
  const { id } = await params;
  const format = new URL(request.url).searchParams.get("format") === "csv" ? "csv" : "json";
  return answerDownload("actiontrail:GetDeliveryHistoryJob", async (scope) => {
    const report = historyJobReportDtoSchema.parse(await getHistoryJobReport(scope, jobIdOf(id)));
    const name = `backtrail-job-${report.job.id}-report`;
    return format === "csv"
      ? { fileName: `${name}.csv`, type: "text/csv; charset=utf-8; header=present", text: reportAsCsv(report) }
      : { fileName: `${name}.json`, type: "application/json", text: `${JSON.stringify(report, null, 2)}\n` };
  });
}
