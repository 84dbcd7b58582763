import type { Metadata } from "next";
import { apiEndpointOf } from "@/app/_request/api-endpoint.ts";
import { findPageScope } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { isOffered } from "@/app/_request/session.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { rwOf } from "@/domain/access/action.ts";
import { fieldsOfCall } from "@/domain/rpc/call-fields.ts";
import { GROUPED_CALLS } from "@/domain/rpc/call-groups.ts";
import { RPC_CALLS, type RpcAction } from "@/domain/rpc/calls.ts";
import type { TriableCallDto } from "@/domain/rpc/member-call.ts";
import { env } from "@/server/env.ts";
import { Explorer } from "./_components/explorer.tsx";
import { explorerWords } from "./_components/words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(explorerWords)).title };
}

export default async function ApiExplorerPage() {
  const words = await getWords(explorerWords);
  if ((await findPageScope("actiontrail:DescribeTrails")) === null) {
    return <NotAllowedPage title={words.title} below={words.purpose} />;
  }
  const [endpoint, calls] = await Promise.all([apiEndpointOf(), Promise.all(GROUPED_CALLS.map(triable))]);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <Explorer calls={calls} endpoint={endpoint} region={env().BACKTRAIL_REGION} />
    </>
  );
}

async function triable(action: RpcAction): Promise<TriableCallDto> {
  const { ramAction, body } = RPC_CALLS[action];
  return {
    action,
    fields: fieldsOfCall(action),
    takesEvents: body === "events",
    isWrite: ramAction !== null && rwOf(ramAction) === "Write",
    isAllowed: ramAction === null || (await isOffered(ramAction)),
  };
}
