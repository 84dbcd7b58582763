import { afterAll, expect, it, vi } from "vitest";
import { waitUntil } from "@/testing/wait-until.ts";
import { prisma } from "./db.ts";
import { log } from "./log.ts";
import { closeQueue, insertEntry, workOnEntries } from "./queue.ts";

afterAll(closeQueue);

it("logs the fault of a handler and gives its entry out again", async () => {
  const logged = vi.spyOn(log, "error");
  const fault = new Error("a fault of ours");
  const retries: number[] = [];
  const worker = await workOnEntries(async ({ retryCount }) => {
    retries.push(retryCount);
    if (retryCount === 0) {
      throw fault;
    }
  });
  const id = await prisma().$transaction((tx) => insertEntry(tx, { jobId: 7 }));
  await waitUntil("the entry is given out again", 20_000, async () => retries.length === 2);
  await worker.stop(5_000);
  expect(retries).toEqual([0, 1]);
  expect(logged).toHaveBeenCalledWith(
    expect.objectContaining({ err: fault, entryId: id, jobId: 7 }),
    expect.any(String),
  );
});
