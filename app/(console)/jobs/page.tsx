import type { Metadata } from "next";
import { requirePageScope } from "@/app/_request/session.ts";
import { listHistoryJobs } from "@/server/history-job/queries.ts";
import { JobList } from "./_components/job-list.tsx";
import { JOBS_PAGE_SIZE, pageNumberOf } from "./_components/paging.ts";

export const metadata: Metadata = { title: "Jobs" };

type JobsPageProps = { searchParams: Promise<{ page?: string | string[] }> };

export default async function JobsPage({ searchParams }: JobsPageProps) {
  const page = pageNumberOf((await searchParams).page);
  const scope = await requirePageScope("actiontrail:ListDeliveryHistoryJobs");
  return <JobList key={page} page={page} initial={await listHistoryJobs(scope, { page, pageSize: JOBS_PAGE_SIZE })} />;
}
