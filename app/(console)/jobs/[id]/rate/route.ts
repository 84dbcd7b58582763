import { answerJson } from "@/app/_request/route.ts";
import { jobIdOf } from "@/app/(console)/jobs/_components/job-id.ts";
import { jobRateDtoSchema } from "@/domain/history-job/schema.ts";
import { getJobRate } from "@/server/history-job/samples.ts";

type Context = { params: Promise<{ id: string }> };

/** How far each run of a job was over its time; polled by its page while it runs. */
export async function GET(_request: Request, { params }: Context) {
  const { id } = await params;
  return answerJson("actiontrail:GetDeliveryHistoryJob", jobRateDtoSchema, async (scope) =>
    getJobRate(scope, jobIdOf(id)),
  );
}
