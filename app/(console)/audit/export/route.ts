import { answerDownload, type Download } from "@/app/_request/download.ts";
import { auditFilterOf, loadAuditParameters } from "@/app/(console)/audit/_components/audit-parameters.ts";
import { AUDIT_CSV_NAMES, auditCsvLine } from "@/domain/access/audit-csv.ts";
import type { AuditEntryDto } from "@/domain/access/audit-schema.ts";
import { CSV_HEAD } from "@/domain/history-job/csv.ts";
import { exportAuditEntries } from "@/server/access/audit-queries.ts";

/** The entries that the filters of the address show, as a file: `format=csv`, or else NDJSON. */
export async function GET(request: Request) {
  return answerDownload("backtrail:ExportAuditEntries", async (scope) => {
    const format = new URL(request.url).searchParams.get("format") === "csv" ? "csv" : "ndjson";
    const pages = await exportAuditEntries(scope, auditFilterOf(loadAuditParameters(request)), format);
    const fileName = `backtrail-audit-${scope.accountId}.${format}`;
    return format === "csv" ? asCsv(fileName, pages) : asNdjson(fileName, pages);
  });
}

type Pages = AsyncIterable<readonly AuditEntryDto[]>;

function asCsv(fileName: string, pages: Pages): Download {
  const lines = async function* () {
    yield CSV_HEAD + AUDIT_CSV_NAMES;
    for await (const page of pages) {
      yield page.map(auditCsvLine).join("");
    }
  };
  return { fileName, type: "text/csv; charset=utf-8; header=present", text: lines() };
}

function asNdjson(fileName: string, pages: Pages): Download {
  const lines = async function* () {
    for await (const page of pages) {
      yield page.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    }
  };
  return { fileName, type: "application/x-ndjson", text: lines() };
}
