import type { Metadata } from "next";
import { createSerializer, type SearchParams } from "nuqs/server";
import { findPageScope } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { jobPlaceInText, parseJobPlace } from "@/domain/history-job/job-list.ts";
import { listJobs, listJobTrails } from "@/server/history-job/job-list.ts";
import { JobList } from "./_components/job-list.tsx";
import { jobFilterOf, jobParameters, loadJobParameters, loadJobPlace } from "./_components/job-parameters.ts";
import { jobsWords } from "./_components/words.ts";

const inAddress = createSerializer(jobParameters);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(jobsWords)).title };
}

export default async function JobsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [parameters, { after }] = await Promise.all([loadJobParameters(searchParams), loadJobPlace(searchParams)]);
  const scope = await findPageScope("actiontrail:ListDeliveryHistoryJobs");
  if (scope === null) {
    const words = await getWords(jobsWords);
    return <NotAllowedPage title={words.title} below={words.purpose} />;
  }
  const place = after === null ? null : parseJobPlace(after);
  const filter = jobFilterOf(parameters);
  const [behind, trailNames] = await Promise.all([
    listJobs(scope, filter, parameters.order, place, true),
    listJobTrails(scope),
  ]);
  // Behind a place that an old address names there may be nothing any more.
  const begin = behind.jobs.length > 0 ? place : null;
  const initial = begin === place ? behind : await listJobs(scope, filter, parameters.order, begin);
  return (
    <JobList
      query={inAddress(parameters)}
      initial={initial}
      after={begin === null ? null : jobPlaceInText(begin)}
      trailNames={trailNames}
    />
  );
}
