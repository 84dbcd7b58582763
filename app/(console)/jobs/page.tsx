import type { Metadata } from "next";
import { createSerializer, type SearchParams } from "nuqs/server";
import { getWords } from "@/app/_request/preferences.ts";
import { requirePageScope } from "@/app/_request/session.ts";
import { listJobs, listJobTrails } from "@/server/history-job/job-list.ts";
import { JobList } from "./_components/job-list.tsx";
import { jobFilterOf, jobParameters, loadJobParameters } from "./_components/job-parameters.ts";
import { jobsWords } from "./_components/words.ts";

const inAddress = createSerializer(jobParameters);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(jobsWords)).title };
}

export default async function JobsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const parameters = await loadJobParameters(searchParams);
  const scope = await requirePageScope("actiontrail:ListDeliveryHistoryJobs");
  const [initial, trailNames] = await Promise.all([
    listJobs(scope, jobFilterOf(parameters), parameters.order, null),
    listJobTrails(scope),
  ]);
  return <JobList query={inAddress(parameters)} initial={initial} trailNames={trailNames} />;
}
