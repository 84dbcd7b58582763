import type { Metadata } from "next";
import { getWords } from "@/app/_request/preferences.ts";
import { requirePageScope } from "@/app/_request/session.ts";
import { listHistoryJobs } from "@/server/history-job/queries.ts";
import { JobList } from "./_components/job-list.tsx";
import { JOBS_PAGE_SIZE, pageNumberOf } from "./_components/paging.ts";
import { jobsWords } from "./_components/words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(jobsWords)).title };
}

type JobsPageProps = { searchParams: Promise<{ page?: string | string[] }> };

export default async function JobsPage({ searchParams }: JobsPageProps) {
  const page = pageNumberOf((await searchParams).page);
  const scope = await requirePageScope("actiontrail:ListDeliveryHistoryJobs");
  return <JobList key={page} page={page} initial={await listHistoryJobs(scope, { page, pageSize: JOBS_PAGE_SIZE })} />;
}
