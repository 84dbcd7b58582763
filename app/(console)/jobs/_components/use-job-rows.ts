import { infiniteQueryOptions, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { type WatchedRows, watchedJobsQuery } from "@/components/history-job/history-job-queries.ts";
import { getJson, PollError } from "@/components/ui/poll.ts";
import type { HistoryJobDto, HistoryJobListDto } from "@/domain/history-job/schema.ts";

const loadSchemas = () => import("@/domain/history-job/schema.ts");

/**
 * Rows are watched in steps, so that consoles on screens of other heights ask for the same and are given one answer (web/shared-answers.ts).
 * Longer ones would bring many rows that nobody sees.
 */
export const WATCHED_STEP = 32;

function readList(query: string, after: string | null, signal: AbortSignal): Promise<HistoryJobListDto> {
  const parameters = new URLSearchParams(query);
  if (after !== null) {
    parameters.set("after", after);
  }
  return getJson(`/jobs/list?${parameters}`, async () => (await loadSchemas()).historyJobListDtoSchema, signal);
}

/**
 * The rows of a list of jobs, read page by page as somebody scrolls and then left where they are: polling puts what has changed
 * of the jobs on screen into their rows, and only counts those that are new, until somebody asks for them.
 */
export function useJobRows(query: string, initial: HistoryJobListDto) {
  const client = useQueryClient();
  // Another list begins anew, under the same table, whose head may have the focus. What the server draws anew of the same one, when
  // the slot changes, is not taken over: it would move the rows.
  const [begun, setBegun] = useState({ query, first: initial });
  const { first } = begun.query === query ? begun : { first: initial };
  if (begun.query !== query) {
    setBegun({ query, first });
  }
  // Before the page is alive nobody knows which rows are on screen: as many as a tall one shows.
  const onScreen = useRef<readonly number[]>(first.jobs.slice(0, WATCHED_STEP).map(({ id }) => id));
  const list = infiniteQueryOptions({
    queryKey: ["history-job-list", query, first.now],
    queryFn: ({ pageParam, signal }) => readList(query, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    initialData: { pages: [first], pageParams: [null] },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    // What may pass by itself is no reason to have somebody press; a refusal is not asked for again.
    retry: (failures, error) => failures < 2 && error instanceof PollError && MAY_PASS.has(error.why),
    networkMode: "always",
  });
  const pages = useInfiniteQuery(list);

  const putIntoRows = ({ now, jobs }: WatchedRows) => {
    const fresh = new Map(jobs.map((job) => [job.id, job]));
    client.setQueryData(list.queryKey, (data) =>
      data === undefined ? undefined : { ...data, pages: data.pages.map((page) => renewed(page, fresh, now)) },
    );
  };

  const watch = useQuery({
    ...watchedJobsQuery(query, first.newestId ?? 0, () => onScreen.current, putIntoRows),
    initialData: { now: first.now, jobs: [...first.jobs], newerCount: 0 },
  });

  /** Reads the list from its beginning, with the jobs that are new. */
  const showNewer = async () => {
    const first = await readList(query, null, AbortSignal.timeout(READ_TIMEOUT_MS));
    // Somebody may have gone on to another list meanwhile.
    setBegun((present) => (present.query === query ? { query, first } : present));
  };

  // What the server draws anew, when the slot changes, tells of jobs that are not new and have come into the list all the same: one that was
  // retried and is complete now.
  const hasCome =
    initial.now > first.now &&
    initial.newestId === first.newestId &&
    (initial.totalCount ?? 0) > (first.totalCount ?? 0);

  return {
    jobs: useMemo(() => pages.data.pages.flatMap((page) => page.jobs), [pages.data]),
    totalCount: first.totalCount ?? 0,
    /** More jobs have the phase that is filtered by, and no row yet. */
    hasCome,
    pages,
    watch,
    showNewer,
    setOnScreen: (ids: readonly number[]) => {
      onScreen.current = ids;
    },
  };
}

const MAY_PASS: ReadonlySet<PollError["why"]> = new Set(["unreachable", "failing"]);

/** Longer than any answer takes that is worth waiting for. */
const READ_TIMEOUT_MS = 15_000;

/** The same page where nothing in it has changed, so that nothing is drawn anew. */
function renewed(page: HistoryJobListDto, fresh: ReadonlyMap<number, HistoryJobDto>, now: string): HistoryJobListDto {
  return page.jobs.some(({ id }) => fresh.has(id))
    ? { ...page, now, jobs: page.jobs.map((job) => fresh.get(job.id) ?? job) }
    : page;
}
