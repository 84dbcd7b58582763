import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isDayKept } from "@/server/event/kept-days.ts";
import { keepPartitions } from "./partition-upkeep.ts";

const DAY_MS = 86_400_000;

const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });

beforeAll(() => owner.connect());
afterAll(() => owner.end());

/** The UTC day so many days from today, YYYY-MM-DD. */
function dayAt(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

function tableOf(day: string): string {
  return `event_${day.replaceAll("-", "")}`;
}

it("what the schedule calls drops the day that has expired with its counts, and makes the day that is missing", async () => {
  const [beforeExpired, expired, oldest, ahead] = [dayAt(-93), dayAt(-92), dayAt(-91), dayAt(6)];
  for (const day of [beforeExpired, expired]) {
    await owner.query(
      `CREATE TABLE "${tableOf(day)}" PARTITION OF "event" FOR VALUES FROM ('${day}T00:00:00Z') TO ('${day}T24:00:00Z')`,
    );
    await owner.query(`INSERT INTO "event_count" VALUES ('1', 'day', 'cn-hangzhou', $1, '', 1)`, [`${day}T00:00:00Z`]);
  }
  await owner.query(`INSERT INTO "event_count" VALUES ('1', 'day', 'cn-hangzhou', $1, '', 1)`, [`${oldest}T00:00:00Z`]);
  await owner.query(`DROP TABLE "${tableOf(ahead)}"`);
  const kept = () => Promise.all([beforeExpired, expired, oldest, ahead].map(isDayKept));
  expect(await kept()).toEqual([true, true, true, false]);

  await keepPartitions();
  expect(await kept()).toEqual([false, false, true, true]);
  const { rows } = await owner.query(`SELECT "starts_at" AS at FROM "event_count"`);
  expect(rows).toEqual([{ at: new Date(`${oldest}T00:00:00Z`) }]);
});
