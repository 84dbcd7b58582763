import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { findPageScope } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { isOffered } from "@/app/_request/session.ts";
import { NotOpened } from "@/app/(console)/_components/not-opened.tsx";
import { TrailTable } from "@/app/(console)/trails/_components/trail-table.tsx";
import { trailsWords } from "@/app/(console)/trails/_components/words.ts";
import { CreateTrail } from "@/app/(console)/trails/_manage/create-trail.tsx";
import { manageWords } from "@/app/(console)/trails/_manage/words.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { ReadAgain } from "@/components/ui/read-again.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { env } from "@/server/env.ts";
import { listLogProjectChoices, listTrails } from "@/server/trail/queries.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(trailsWords)).title };
}

export default async function TrailsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const scope = await findPageScope("actiontrail:DescribeTrails");
  const words = await getWords(trailsWords);
  if (scope === null) {
    return <NotAllowedPage title={words.title} below={words.purpose} />;
  }
  const trails = await listTrails(scope);
  const now = new Date().toISOString();
  const mayManage = await isOffered("actiontrail:CreateTrail");
  const { create } = await searchParams;
  return (
    <>
      <PageHead
        title={words.title}
        below={words.purpose}
        action={
          mayManage && (
            <CreateTrail
              homeRegion={env().BACKTRAIL_REGION}
              homeRegions={trails.map(({ homeRegion }) => homeRegion)}
              projects={await listLogProjectChoices(scope)}
            />
          )
        }
      />
      {create !== undefined && !mayManage && (
        <NotOpened why={(await getWords(manageWords)).adminsOnly} className="mb-4" />
      )}
      {trails.length === 0 ? (
        <StatePanel title={words.none}>{mayManage ? words.noneYet : words.noneWhy}</StatePanel>
      ) : (
        <TrailTable
          accountId={scope.accountId}
          trails={trails}
          mayRedeliver={await isOffered("actiontrail:CreateDeliveryHistoryJob")}
          now={now}
        />
      )}
      <ReadAgain now={now} />
    </>
  );
}
