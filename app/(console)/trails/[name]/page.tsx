import type { Metadata } from "next";
import Link from "next/link";
import type { SearchParams } from "nuqs/server";
import { findPageScope, orNotFound } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { isOffered } from "@/app/_request/session.ts";
import { NotOpened } from "@/app/(console)/_components/not-opened.tsx";
import { RedeliverHistory } from "@/app/(console)/trails/_components/redeliver-history.tsx";
import { trailsWords } from "@/app/(console)/trails/_components/words.ts";
import { TrailControls } from "@/app/(console)/trails/_manage/trail-controls.tsx";
import { manageWords } from "@/app/(console)/trails/_manage/words.ts";
import { TrailStatusMark } from "@/components/trail/trail-status-mark.tsx";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { ReadAgain } from "@/components/ui/read-again.tsx";
import { whyNotRedeliverable } from "@/domain/trail/rules.ts";
import { listHistoryJobs } from "@/server/history-job/queries.ts";
import { getTrail, listLogProjectChoices, listTrails } from "@/server/trail/queries.ts";
import { TrailFacts } from "./_components/trail-facts.tsx";
import { TrailJobs } from "./_components/trail-jobs.tsx";

// What was done last; the whole list is on the jobs page.
const LAST_JOBS_COUNT = 5;

type TrailPageProps = { params: Promise<{ name: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: Pick<TrailPageProps, "params">): Promise<Metadata> {
  return { title: (await params).name };
}

export default async function TrailPage({ params, searchParams }: TrailPageProps) {
  const [{ name }, { ask }] = await Promise.all([params, searchParams]);
  const scope = await findPageScope("actiontrail:DescribeTrails");
  const jobsScope = await findPageScope("actiontrail:ListDeliveryHistoryJobs");
  if (scope === null || jobsScope === null) {
    return <NotAllowedPage title={name} />;
  }
  const trail = await orNotFound(() => getTrail(scope, name));
  const { jobs, now } = await listHistoryJobs(jobsScope, {
    page: 1,
    pageSize: LAST_JOBS_COUNT,
    trailName: trail.name,
  });
  const mayManage = await isOffered("actiontrail:UpdateTrail");
  const manage = await getWords(manageWords);
  return (
    <>
      <PageHead
        above={
          <>
            <Link href="/trails" className="underline-offset-2 hover:text-ink hover:underline">
              {(await getWords(trailsWords)).title}
            </Link>{" "}
            / {trail.name}
          </>
        }
        title={
          <>
            {trail.name} <TrailStatusMark status={trail.status} />
          </>
        }
        action={
          <div className="flex flex-wrap items-start justify-end gap-2 text-right max-sm:justify-start max-sm:text-left">
            {mayManage && (
              <TrailControls
                trail={trail}
                homeRegions={(await listTrails(scope)).map(({ homeRegion }) => homeRegion)}
                projects={await listLogProjectChoices(scope)}
              />
            )}
            <div>
              <RedeliverHistory
                accountId={scope.accountId}
                trail={trail}
                notRedeliverable={whyNotRedeliverable(trail)}
                mayRedeliver={await isOffered("actiontrail:CreateDeliveryHistoryJob")}
              />
            </div>
          </div>
        }
      />
      <div className="grid gap-4">
        {ask !== undefined && !mayManage && <NotOpened why={manage.adminsOnly} />}
        {trail.status !== "Enable" && (
          <Notice>{trail.status === "Disable" ? manage.stoppedWhy : manage.freshWhy}</Notice>
        )}
        <TrailFacts trail={trail} now={now} />
        <TrailJobs jobs={jobs} now={now} isRedeliverable={whyNotRedeliverable(trail) === null} />
      </div>
      <ReadAgain now={now} />
    </>
  );
}
