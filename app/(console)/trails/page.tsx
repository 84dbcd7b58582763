import type { Metadata } from "next";
import { isOffered, requirePageScope } from "@/app/_request/session.ts";
import { PageHead } from "@/components/ui/page-head.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { listTrails } from "@/server/trail/queries.ts";
import { TrailTable } from "./_components/trail-table.tsx";
import { TRAILS_PURPOSE } from "./_components/words.ts";

export const metadata: Metadata = { title: "Trails" };

export default async function TrailsPage() {
  const scope = await requirePageScope("actiontrail:DescribeTrails");
  const trails = await listTrails(scope);
  return (
    <>
      <PageHead title="Trails" below={TRAILS_PURPOSE} />
      {trails.length === 0 ? (
        <StatePanel title="No trails yet">
          A trail selects events and names where they are delivered. Once an admin of this account has created one, its
          history can be redelivered from here.
        </StatePanel>
      ) : (
        <TrailTable
          accountId={scope.accountId}
          trails={trails}
          mayRedeliver={await isOffered("actiontrail:CreateDeliveryHistoryJob")}
          now={new Date().toISOString()}
        />
      )}
    </>
  );
}
