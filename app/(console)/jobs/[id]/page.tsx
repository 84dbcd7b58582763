import type { Metadata } from "next";
import { findPageScope, orNotFound } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { isOffered } from "@/app/_request/session.ts";
import { jobIdOf } from "@/app/(console)/jobs/_components/job-id.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { JOB_CONTROL_ACTIONS, JOB_CONTROLS, type JobControl } from "./_components/job-controls.ts";
import { JobDetail } from "./_components/job-detail.tsx";
import { jobPageWords } from "./_components/words.ts";

type JobPageProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: JobPageProps): Promise<Metadata> {
  const words = await getWords(jobPageWords);
  return { title: words.title((await params).id) };
}

export default async function JobPage({ params }: JobPageProps) {
  const { id } = await params;
  const scope = await findPageScope("actiontrail:GetDeliveryHistoryJob");
  if (scope === null) {
    return <NotAllowedPage title={(await getWords(jobPageWords)).title(id)} />;
  }
  const { slices, ...initial } = await orNotFound(async () => getHistoryJob(scope, jobIdOf(id)));
  return (
    <JobDetail
      key={initial.job.id}
      accountId={scope.accountId}
      initial={initial}
      regionCount={new Set(slices.map(({ region }) => region)).size}
      permitted={await permittedControls()}
    />
  );
}

async function permittedControls(): Promise<JobControl[]> {
  const offered = await Promise.all(JOB_CONTROLS.map((control) => isOffered(JOB_CONTROL_ACTIONS[control])));
  return JOB_CONTROLS.filter((_, position) => offered[position]);
}
