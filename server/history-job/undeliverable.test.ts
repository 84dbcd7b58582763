import { beforeEach, describe, expect, it } from "vitest";
import type { UndeliverableDto } from "@/domain/history-job/schema.ts";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { createJob } from "@/testing/ended-job.ts";
import { addTrail, createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { listUndeliverable, streamUndeliverable } from "./undeliverable.ts";

const ALL = { region: null, day: null };
const COUNT = 5_003;

let account: HistoryAccount;
let jobId: number;

beforeEach(async () => {
  account = await createBuiltInAccount();
  await addTrail(account, { name: "all-events", logstore: true });
  jobId = await createJob(account, "all-events");
  await closeQueue();
  await pool().query(
    `INSERT INTO undeliverable (job_id, day, region, event_time, event_id, reason)
     SELECT $1, day, region, day + i / 10 * interval '1 second', 'e' || i, CASE WHEN i % 3 = 0 THEN 'LogConflict' ELSE 'PostBodyInvalid' END
     FROM generate_series(1, $2::int) AS i,
       LATERAL (SELECT date '2026-11-01' + i % 2 AS day, (ARRAY['cn-hangzhou', 'cn-shanghai', 'ap-south-1'])[1 + i % 3] AS region) AS slice`,
    [jobId, COUNT],
  );
});

function scope(of: HistoryAccount = account) {
  return of.scope("actiontrail:GetDeliveryHistoryJob");
}

const keyOf = ({ day, region, eventTime, eventId }: UndeliverableDto) => [day, region, eventTime, eventId].join(" ");

describe("the list of undeliverable events", () => {
  it("has each once, in pages by day, region and key", async () => {
    const seen: UndeliverableDto[] = [];
    let next: string | null = null;
    do {
      const page = await listUndeliverable(scope(), jobId, { ...ALL, region: "cn-hangzhou" }, next);
      expect(page.events.length).toBeLessThanOrEqual(50);
      expect(page.reasons === null).toBe(next !== null);
      seen.push(...page.events);
      next = page.next;
    } while (next !== null);
    const { rows } = await pool().query(
      `SELECT count(*) AS count FROM undeliverable WHERE job_id = $1 AND region = 'cn-hangzhou'`,
      [jobId],
    );
    expect(seen).toHaveLength(rows[0].count);
    expect(seen.map(keyOf)).toEqual([...new Set(seen.map(keyOf))].toSorted());
  });

  it("counts the reasons of what it lists, the most frequent first", async () => {
    const whole = await listUndeliverable(scope(), jobId, ALL, null);
    expect(whole.reasons).toEqual([
      { reason: "PostBodyInvalid", count: COUNT - Math.floor(COUNT / 3) },
      { reason: "LogConflict", count: Math.floor(COUNT / 3) },
    ]);
    const { reasons } = await listUndeliverable(scope(), jobId, { region: "cn-hangzhou", day: "2026-11-02" }, null);
    expect(reasons).toEqual([{ reason: "LogConflict", count: 834 }]);
  });

  it("tells 50 reasons apart and adds up the others", async () => {
    await pool().query(`UPDATE undeliverable SET reason = 'log ' || event_id || ' is refused' WHERE job_id = $1`, [
      jobId,
    ]);
    const { reasons } = await listUndeliverable(scope(), jobId, ALL, null);
    expect(reasons).toHaveLength(51);
    expect(reasons?.at(-1)).toEqual({ reason: "Other reasons", count: COUNT - 50 });
  });

  it("is no other account's to see, and knows no place that it did not name", async () => {
    const other = await createBuiltInAccount();
    await expect(listUndeliverable(scope(other), jobId, ALL, null)).rejects.toMatchObject({
      code: "DeliveryHistoryJobNotFound",
    });
    await expect(streamUndeliverable(scope(other), jobId, ALL)).rejects.toMatchObject({
      code: "DeliveryHistoryJobNotFound",
    });
    for (const place of [
      "",
      "x",
      "W10",
      Buffer.from('["2026-11-01","a\\u0000","2026-11-01T00:00:00Z","e"]').toString("base64url"),
    ]) {
      await expect(listUndeliverable(scope(), jobId, ALL, place)).rejects.toMatchObject({
        code: "InvalidParameterValue",
      });
    }
  });
});

describe("the download of undeliverable events", () => {
  it("has each once, in the same order, and reads on only when it is asked to", async () => {
    const asked: number[] = [];
    const seen: UndeliverableDto[] = [];
    for await (const page of await streamUndeliverable(scope(), jobId, ALL)) {
      asked.push(page.length);
      seen.push(...page);
    }
    expect(asked).toEqual([2_000, 2_000, 1_003]);
    expect(seen.map(keyOf)).toEqual([...new Set(seen.map(keyOf))].toSorted());
  });
});
