import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import type { HistoryJobHeadDto } from "@/domain/history-job/schema.ts";
import { historyJobQuery, renewSlotByJob, slotQuery } from "./history-job-queries.ts";

/** How soon the job is asked for again when it is in this phase, as the query decides it; milliseconds. */
function intervalOf(phase: string, verification: string | null): number | false | undefined {
  const { refetchInterval } = historyJobQuery(1);
  const data = { job: { phase }, verification: verification && { state: verification } };
  return typeof refetchInterval === "function" ? refetchInterval({ state: { data, error: null } } as never) : undefined;
}

describe("the page of a job", () => {
  it("learns of what somebody else does with an ended job, without being reloaded", () => {
    expect(intervalOf("incomplete", "complete")).toBe(15_000);
    expect(intervalOf("failed", "failed")).toBe(15_000);
  });

  it("follows a running job and a running verification closely", () => {
    expect(intervalOf("paused", null)).toBe(2_000);
    expect(intervalOf("complete", "running")).toBe(2_000);
  });
});

/** How soon the slot is asked for again with what this client knows of it; milliseconds. */
function slotIntervalOf(client: QueryClient): number | false | undefined {
  const { refetchInterval, queryKey } = slotQuery();
  const data = client.getQueryData(queryKey);
  return typeof refetchInterval === "function" ? refetchInterval({ state: { data } } as never) : undefined;
}

/** What the page of a job reads of it. */
function headOf(id: number, phase: string): HistoryJobHeadDto {
  const job = { id, run: 1, phase, delivered: 10 };
  return { now: "2026-11-22T12:00:00.000Z", job, sinkTrouble: null, verification: null, retry: null } as never;
}

describe("the slot", () => {
  it("is what the page of its job has read, and asks for itself only when that misses a turn", () => {
    const client = new QueryClient();
    client.setQueryData(slotQuery().queryKey, { ...headOf(7, "queued"), ended: null, samples: [] });
    expect(slotIntervalOf(client)).toBe(2_000);
    renewSlotByJob(client, headOf(7, "delivering"));
    expect(client.getQueryData(slotQuery().queryKey)?.job).toMatchObject({ id: 7, phase: "delivering" });
    expect(slotIntervalOf(client)).toBe(4_000);
  });

  it("keeps what it knows when a page's answer is older", () => {
    const client = new QueryClient();
    const free = { now: "2026-11-22T12:00:03.000Z", job: null, sinkTrouble: null, ended: null, samples: [] };
    client.setQueryData(slotQuery().queryKey, free as never);
    renewSlotByJob(client, headOf(7, "delivering"));
    expect(client.getQueryData(slotQuery().queryKey)).toEqual(free);
  });

  it("is asked for once its job has ended on the page, and not for another job's end", () => {
    const client = new QueryClient();
    renewSlotByJob(client, headOf(7, "delivering"));
    const isDue = () => client.getQueryState(slotQuery().queryKey)?.isInvalidated;
    renewSlotByJob(client, headOf(6, "complete"));
    expect(isDue()).toBe(false);
    renewSlotByJob(client, headOf(7, "complete"));
    expect(isDue()).toBe(true);
  });
});
