import { answerJson } from "@/app/_request/route.ts";
import { jobIdOf } from "@/app/(console)/jobs/_components/job-id.ts";
import { verificationDetailDtoSchema } from "@/domain/history-job/schema.ts";
import { getVerificationDetail } from "@/server/history-job/report.ts";

type Context = { params: Promise<{ id: string }> };

/** What the newest verification of a job has found of each slice; polled while it runs. */
export async function GET(_request: Request, { params }: Context) {
  const { id } = await params;
  return answerJson("actiontrail:GetDeliveryHistoryJob", verificationDetailDtoSchema, async (scope) =>
    getVerificationDetail(scope, jobIdOf(id)),
  );
}
