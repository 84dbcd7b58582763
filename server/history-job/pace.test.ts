import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { addTrail, createHistoryAccount, eventText, recordTexts } from "@/testing/history-account.ts";
import { createHistoryJob } from "./commands.ts";
import { askPace } from "./pace.ts";

let jobId: number;

afterAll(closeQueue);

beforeEach(async () => {
  const account = await createHistoryAccount("http://127.0.0.1:9");
  await addTrail(account, { name: "all-events" });
  await recordTexts(account, [eventText({ eventTime: new Date(Date.now() - 3_600_000) })]);
  const input = createHistoryJobInputSchema.parse({ trailName: "all-events" });
  ({ jobId } = await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), input));
});

async function limit(eventsPerSecondMax: number | null): Promise<void> {
  await pool().query("UPDATE delivery_history_job SET events_per_second_max = $2 WHERE id = $1", [
    jobId,
    eventsPerSecondMax,
  ]);
}

describe("the pace of a job", () => {
  it("is nobody's concern without a ceiling", async () => {
    expect(await askPace(jobId, 4_000)).toEqual({ kind: "go" });
    const { rows } = await pool().query("SELECT paced_until FROM delivery_history_job WHERE id = $1", [jobId]);
    expect(rows).toEqual([{ paced_until: null }]);
  });

  it("lets no piece through that is worth more than a second", async () => {
    await limit(100);
    expect(await askPace(jobId, 101)).toEqual({ kind: "smaller" });
    expect(await askPace(jobId, 100)).toEqual({ kind: "go" });
    const next = await askPace(jobId, 100);
    expect(next.kind === "wait" && next.ms).toBeGreaterThan(900);
    expect(next.kind === "wait" && next.ms).toBeLessThanOrEqual(1_000);
  });

  it("gives the moment to one of many who ask at once", async () => {
    await limit(10);
    const paces = await Promise.all(Array.from({ length: 20 }, () => askPace(jobId, 5)));
    expect(paces.filter(({ kind }) => kind === "go")).toHaveLength(1);
  });

  it("holds the ceiling over many workers, and comes near it", async () => {
    await limit(500);
    const began = performance.now();
    const ends = began + 3_000;
    let events = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (performance.now() < ends) {
          const pace = await askPace(jobId, 50);
          events += pace.kind === "go" ? 50 : 0;
          if (pace.kind === "wait") {
            await delay(pace.ms);
          }
        }
      }),
    );
    // The time's worth and the piece that began it; a busy machine asks less often than it might.
    expect(events).toBeLessThanOrEqual(((performance.now() - began) / 1_000) * 500 + 50);
    expect(events).toBeGreaterThan(500);
  });

  it("follows a ceiling that is raised or lifted within the second that the last piece was worth", async () => {
    await limit(1);
    expect(await askPace(jobId, 1)).toEqual({ kind: "go" });
    expect(await askPace(jobId, 1)).toMatchObject({ kind: "wait" });
    await limit(null);
    expect(await askPace(jobId, 4_000)).toEqual({ kind: "go" });
    await limit(10_000);
    const pace = await askPace(jobId, 4_000);
    expect(pace.kind === "wait" && pace.ms).toBeLessThanOrEqual(1_000);
  });
});
