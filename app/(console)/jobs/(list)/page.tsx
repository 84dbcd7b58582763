import type { Metadata } from "next";
import { createSerializer, type SearchParams } from "nuqs/server";
import { findPageScope } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { JobList } from "@/app/(console)/jobs/_components/job-list.tsx";
import { jobFilterOf, jobParameters, loadJobParameters } from "@/app/(console)/jobs/_components/job-parameters.ts";
import { jobsWords } from "@/app/(console)/jobs/_components/words.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { listJobs, listJobTrails } from "@/server/history-job/job-list.ts";

const inAddress = createSerializer(jobParameters);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(jobsWords)).title };
}

export default async function JobsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const parameters = await loadJobParameters(searchParams);
  const scope = await findPageScope("actiontrail:ListDeliveryHistoryJobs");
  if (scope === null) {
    const words = await getWords(jobsWords);
    return <NotAllowedPage title={words.title} below={words.purpose} />;
  }
  const [initial, trailNames] = await Promise.all([
    listJobs(scope, jobFilterOf(parameters), parameters.order, null),
    listJobTrails(scope),
  ]);
  return <JobList query={inAddress(parameters)} initial={initial} trailNames={trailNames} />;
}
