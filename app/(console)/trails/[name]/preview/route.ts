import type { NextRequest } from "next/server";
import { answerJson } from "@/app/_request/route.ts";
import { DomainError } from "@/domain/errors.ts";
import { historyPreviewDtoSchema, timeWindowRequestSchema } from "@/domain/history-job/schema.ts";
import { previewHistory } from "@/server/history-job/preview.ts";

type Context = { params: Promise<{ name: string }> };

/** What a redelivery of this trail and window would send, and what its logstore has already, as of now. */
export async function GET(request: NextRequest, { params }: Context) {
  const { name } = await params;
  const window = timeWindowRequestSchema.safeParse(Object.fromEntries(request.nextUrl.searchParams));
  return answerJson("actiontrail:DescribeTrails", historyPreviewDtoSchema, async (scope) => {
    if (!window.success) {
      throw new DomainError("InvalidParameterValue", { field: "window" });
    }
    return previewHistory(scope, { trailName: name, window: window.data });
  });
}
