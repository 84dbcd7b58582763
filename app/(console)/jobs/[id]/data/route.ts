import { answerJson } from "@/app/_request/route.ts";
import { jobIdOf } from "@/app/(console)/jobs/_components/job-id.ts";
import { packedJobDetailDtoSchema, packSlices } from "@/domain/history-job/packed-slices.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";

type Context = { params: Promise<{ id: string }> };

/** One job with its slices; polled by its page while it runs. */
export async function GET(_request: Request, { params }: Context) {
  const { id } = await params;
  return answerJson("actiontrail:GetDeliveryHistoryJob", packedJobDetailDtoSchema, async (scope) => {
    const { slices, ...head } = await getHistoryJob(scope, jobIdOf(id));
    return { ...head, slices: packSlices(slices) };
  });
}
