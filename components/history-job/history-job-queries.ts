import { keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/ui/poll.ts";
import { holdsSlot } from "@/domain/history-job/history-job.ts";
import type {
  DeliverySliceDto,
  HistoryJobDto,
  HistoryJobHeadDto,
  SlotDto,
  TimeWindowRequest,
  WatchedJobsDto,
} from "@/domain/history-job/schema.ts";
import { type WatchedSlot, watchSlot } from "./recent-rate.ts";
import { isVerifying } from "./verification-words.ts";

const loadSchemas = () => import("@/domain/history-job/schema.ts");
const loadPackedSlices = () => import("@/domain/history-job/packed-slices.ts");

// While events move, a person watches; between jobs somebody else may start one, which may be seen a little later.
const RUNNING_INTERVAL_MS = 2_000;
const IDLE_INTERVAL_MS = 15_000;

/** The slot asks for itself once the page that reads it as well has missed a turn: it was left, or gets no answer. */
const MISSED_INTERVAL_MS = 2 * RUNNING_INTERVAL_MS;

/** The interval is the retry, and an offline browser may still reach a console on its own machine. */
const polled = { retry: false, networkMode: "always" } as const;

const SLOT_QUERY_KEY = ["slot"];

/** Who holds the account's slot, with what this tab has seen of its speed. */
export function slotQuery() {
  return queryOptions({
    ...polled,
    queryKey: SLOT_QUERY_KEY,
    queryFn: async ({ signal, client }): Promise<WatchedSlot> => {
      const before = client.getQueryData<WatchedSlot>(SLOT_QUERY_KEY);
      const after = before?.job ? `?after=${before.job.id}` : "";
      return watchSlot(
        before,
        await getJson(`/slot/data${after}`, async () => (await loadSchemas()).slotDtoSchema, signal),
      );
    },
    refetchInterval: ({ state: { data } }) => {
      if (!data?.job) {
        return IDLE_INTERVAL_MS;
      }
      return data.isOfPage ? MISSED_INTERVAL_MS : RUNNING_INTERVAL_MS;
    },
  });
}

/** Has a page's own answer be the slot's as well, which need not ask for the same, then. */
function renewSlot(client: QueryClient, slot: SlotDto): void {
  const before = client.getQueryData<WatchedSlot>(SLOT_QUERY_KEY);
  // One that was long on its way would bring back a job that has been told to have ended.
  if (before !== undefined && Date.parse(slot.now) < Date.parse(before.now)) {
    return;
  }
  const watched = watchSlot(before, slot);
  client.setQueryData<WatchedSlot>(SLOT_QUERY_KEY, { ...watched, isOfPage: true });
}

/** What a job's page has read of the job that holds the slot is what the slot would be told. */
export function renewSlotByJob(client: QueryClient, { now, job, sinkTrouble }: HistoryJobHeadDto): void {
  if (holdsSlot(job.phase)) {
    renewSlot(client, { now, job, sinkTrouble, ended: null });
  } else if (client.getQueryData<WatchedSlot>(SLOT_QUERY_KEY)?.job?.id === job.id) {
    // It has ended since. How, and who holds the slot now, the slot's own answer says.
    void client.invalidateQueries({ queryKey: SLOT_QUERY_KEY });
  }
}

export const JOBS_QUERY_KEY = ["history-jobs"];

/** What is for the list in the answer to its poll. */
export type WatchedRows = Omit<WatchedJobsDto, "slot">;

/**
 * The jobs of a list that are on screen, as they are now, and how many of the list are newer. Which are on screen is asked at
 * each poll, so that scrolling reads nothing by itself.
 * @param query the list's filters, as the address has them
 */
export function watchedJobsQuery(
  query: string,
  newestId: number,
  idsOnScreen: () => readonly number[],
  onAnswer: (answer: WatchedRows) => void,
) {
  return queryOptions({
    ...polled,
    queryKey: [...JOBS_QUERY_KEY, query, newestId],
    queryFn: async ({ signal, client }): Promise<WatchedRows> => {
      const slotJob = client.getQueryData<WatchedSlot>(SLOT_QUERY_KEY)?.job;
      const parameters = new URLSearchParams(query);
      parameters.set("newest", String(newestId));
      parameters.set("ids", idsOnScreen().join(","));
      if (slotJob) {
        parameters.set("slot", String(slotJob.id));
      }
      const { slot, ...answer } = await getJson(
        `/jobs/data?${parameters}`,
        async () => (await loadSchemas()).watchedJobsDtoSchema,
        signal,
      );
      renewSlot(client, { now: answer.now, ...slot });
      onAnswer(answer);
      return answer;
    },
    refetchInterval: ({ state }) =>
      state.data?.jobs.some(({ phase }) => holdsSlot(phase)) ? RUNNING_INTERVAL_MS : IDLE_INTERVAL_MS,
  });
}

export const JOB_QUERY_KEY = ["history-job"];

/** `slices` is null until they are read: a document with thousands of them would come late. */
export type JobOnPage = HistoryJobHeadDto & { readonly slices: readonly DeliverySliceDto[] | null };

/**
 * One job with its slices and its last verification. While neither runs nothing changes by itself, but somebody else may take the
 * job up again, verify or delete it, which may be seen a little later.
 */
export function historyJobQuery(jobId: number) {
  return queryOptions({
    ...polled,
    queryKey: [...JOB_QUERY_KEY, jobId],
    // The page comes without slices, which are asked for at once.
    staleTime: 0,
    queryFn: async ({ signal, client }): Promise<JobOnPage> => {
      const detail = await getJson(
        `/jobs/${jobId}/data`,
        async () => (await loadPackedSlices()).unpackedJobDetailDtoSchema,
        signal,
      );
      renewSlotByJob(client, detail);
      return detail;
    },
    refetchInterval: ({ state: { data, error } }) =>
      error === null && data !== undefined && !holdsSlot(data.job.phase) && !isVerifying(data.verification)
        ? IDLE_INTERVAL_MS
        : RUNNING_INTERVAL_MS,
  });
}

/** As often as the engine notes how far a job is; the numbers beside the chart are fresher. */
const RATE_INTERVAL_MS = 10_000;

/** The rate of a job over its runs; read anew once it begins. Once it has ended it changes no more until another run. */
export function jobRateQuery(
  { id, run, startedAt }: Pick<HistoryJobDto, "id" | "run" | "startedAt">,
  isRunning: boolean,
) {
  // An answer serves other consoles for some seconds (web/shared-answers.ts). That it is of this run, and of its end once that is known, stands
  // in the address: an answer from before would leave a chart without its beginning or, for good, without its end.
  const parameters = new URLSearchParams({ run: String(run), started: startedAt ?? "", running: String(isRunning) });
  return queryOptions({
    ...polled,
    queryKey: ["job-rate", id, run, startedAt, isRunning],
    queryFn: ({ signal }) =>
      getJson(`/jobs/${id}/rate?${parameters}`, async () => (await loadSchemas()).jobRateDtoSchema, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { error } }) => (isRunning || error !== null ? RATE_INTERVAL_MS : false),
  });
}

/** What a finished verification found of each slice; it changes no more, and a later one has another id. */
export function verificationDetailQuery(jobId: number, verificationId: number | null) {
  return queryOptions({
    queryKey: ["verification", jobId, verificationId],
    queryFn: ({ signal }) =>
      getJson(`/jobs/${jobId}/verification`, async () => (await loadSchemas()).verificationDetailDtoSchema, signal),
    enabled: verificationId !== null,
    networkMode: "always",
    staleTime: Number.POSITIVE_INFINITY,
  });
}

type UndeliverablePlace = {
  /** What the page before it named; null for the first. */
  after: string | null;
  /** How many there are: with another count it is another list. */
  count: number;
  isRunning: boolean;
};

/** One page of the events that a job's log service would not take. */
export function undeliverableQuery(jobId: number, { after, count, isRunning }: UndeliverablePlace) {
  const parameters = new URLSearchParams(after === null ? {} : { after });
  return queryOptions({
    queryKey: ["undeliverable", jobId, after, isRunning ? "running" : count],
    queryFn: ({ signal }) =>
      getJson(
        `/jobs/${jobId}/undeliverable?${parameters}`,
        async () => (await loadSchemas()).undeliverablePageDtoSchema,
        signal,
      ),
    retry: false,
    networkMode: "always",
    placeholderData: keepPreviousData,
    refetchInterval: isRunning ? IDLE_INTERVAL_MS : false,
  });
}

/** What a redelivery would send; counted anew each time the dialog opens or the window changes. */
export function historyPreviewQuery(trailName: string, window: TimeWindowRequest) {
  const parameters = new URLSearchParams(window);
  return queryOptions({
    queryKey: ["history-preview", trailName, window],
    queryFn: ({ signal }) =>
      getJson(
        `/trails/${encodeURIComponent(trailName)}/preview?${parameters}`,
        async () => (await loadSchemas()).historyPreviewDtoSchema,
        signal,
      ),
    retry: false,
    networkMode: "always",
    gcTime: 0,
  });
}
