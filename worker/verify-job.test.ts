import fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { pool, prisma } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { getHistoryJobReport } from "@/server/history-job/report.ts";
import { requestHistoryJobVerification, sweepVerifications } from "@/server/history-job/verification.ts";
import { closeQueue, type HeldVerificationEntry } from "@/server/queue.ts";
import { createJob, digestOf, type ExpectedEvent, endJob, type Fate, listExpected } from "@/testing/ended-job.ts";
import {
  addTrail,
  createBuiltInAccount,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { verifyJob } from "./verify-job.ts";

const DAY_MS = 86_400_000;
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const REGIONS = ["cn-hangzhou", "cn-shanghai"];
const TRAIL = "all-events";
const NO = () => false;

let account: HistoryAccount;

afterAll(closeQueue);

beforeEach(async () => {
  account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, logstore: true });
});

/** Records `each` events in each of 2 regions on each of 2 days, a minute apart. */
async function recordDays(each: number): Promise<void> {
  const texts = [2, 3].flatMap((daysAgo) =>
    REGIONS.flatMap((region) =>
      Array.from({ length: each }, (_, index) =>
        eventText({ region, eventTime: new Date(TODAY - daysAgo * DAY_MS + index * 60_000) }),
      ),
    ),
  );
  await recordTexts(account, texts);
}

/** The entry that the open verification of the job waits for. */
async function entryOf(jobId: number): Promise<HeldVerificationEntry> {
  const row = await prisma().jobVerification.findFirstOrThrow({
    where: { jobId, state: { in: ["waiting", "running"] } },
  });
  return { id: row.entryId ?? "", verificationId: row.id, signal: new AbortController().signal };
}

async function verificationOf(jobId: number) {
  const { verification } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
  if (verification === null) {
    throw new Error(`job ${jobId} has no verification`);
  }
  return verification;
}

async function verify(jobId: number) {
  await verifyJob(await entryOf(jobId), "test", NO);
  return verificationOf(jobId);
}

async function verifyAgain(jobId: number) {
  await requestHistoryJobVerification(account.scope("backtrail:VerifyDeliveryHistoryJob"), { jobId });
  return verify(jobId);
}

async function sliceResults(jobId: number) {
  const { id } = await verificationOf(jobId);
  return prisma().sliceVerification.findMany({
    where: { verificationId: id },
    orderBy: [{ region: "asc" }, { day: "asc" }],
  });
}

/** The account's logstore, for what nobody should do to it. */
function tamper(statement: string, event: ExpectedEvent, ...more: unknown[]) {
  return pool().query(
    `${statement} AND l.region = $2 AND l.event_time = $3 AND l.event_id = $4 AND l.logstore_id IN (
       SELECT s.id FROM logstore s JOIN log_project p ON p.id = s.log_project_id WHERE p.account_id = $1
     )`,
    [account.accountId, event.region, event.event_time, event.event_id, ...more],
  );
}

/** The same of the account's history. */
function harmHistory(statement: string, event: ExpectedEvent) {
  return pool().query(
    `${statement} WHERE e.account_id = $1 AND e.region = $2 AND e.event_time = $3 AND e.event_id = $4`,
    [account.accountId, event.region, event.event_time, event.event_id],
  );
}

function reportOf(jobId: number) {
  return getHistoryJobReport(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
}

/** Lets history lose a day as time does: detached, then dropped, its counts with it. */
async function dropDay(day: string): Promise<void> {
  const owner = new Client({ connectionString: env().MIGRATION_DATABASE_URL });
  await owner.connect();
  try {
    const partition = `event_${day.replaceAll("-", "")}`;
    await owner.query(`ALTER TABLE event DETACH PARTITION ${partition} CONCURRENTLY`);
    await owner.query(`DROP TABLE ${partition}`);
    await owner.query("DELETE FROM event_count WHERE starts_at >= $1::date AND starts_at < $1::date + 1", [day]);
  } finally {
    await owner.end();
  }
}

describe("a verification by identity", () => {
  it("finds every event of a complete job, and equal checksums", async () => {
    await recordDays(5);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    expect(await verify(jobId)).toMatchObject({
      state: "complete",
      slicesDone: 4,
      slicesTotal: 4,
      methods: ["identity"],
      inSink: 20,
      missing: 0,
      conflicts: 0,
      slicesMissing: 0,
      checksumsEqual: true,
      arrivedLater: 0,
    });
  });

  it("finds a log that was deleted and one that was changed, whether or not its digest was changed with it", async () => {
    await recordDays(5);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    expect(await verify(jobId)).toMatchObject({ missing: 0, conflicts: 0, checksumsEqual: true });
    const [deleted, changed, forged] = (await listExpected(jobId)).filter(({ region }) => region === "cn-hangzhou");
    if (deleted === undefined || changed === undefined || forged === undefined) {
      throw new Error("too few events");
    }
    await tamper("DELETE FROM log l WHERE true", deleted);
    await tamper("UPDATE log l SET event = event || ' ' WHERE true", changed);
    expect(await verifyAgain(jobId)).toMatchObject({
      inSink: 18,
      missing: 1,
      conflicts: 1,
      slicesMissing: 1,
      checksumsEqual: false,
    });
    await tamper("UPDATE log l SET event = '{}', digest = sha256('{}') WHERE true", forged);
    expect(await verifyAgain(jobId)).toMatchObject({ inSink: 17, missing: 1, conflicts: 2, checksumsEqual: false });
  });

  it("does not blame the logstore for an event that history has lost, and still finds a log that it has lost", async () => {
    await recordDays(5);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    await verify(jobId);
    const [gone] = await listExpected(jobId);
    if (gone === undefined) {
      throw new Error("no event");
    }
    await harmHistory("DELETE FROM event e", gone);
    expect(await verifyAgain(jobId)).toMatchObject({ inSink: 19, missing: 0, conflicts: 0, checksumsEqual: true });
    const [text] = (await reportOf(jobId)).statements.filter((statement) => statement.includes("History itself"));
    expect(text).toContain("1 event fewer");
    await tamper("DELETE FROM log l WHERE true", gone);
    expect(await verifyAgain(jobId)).toMatchObject({ inSink: 19, missing: 0, checksumsEqual: false });
  });

  it("finds a text that was changed in history, in its place, and does not blame the logstore for it", async () => {
    await recordDays(5);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    await verify(jobId);
    const [changed] = await listExpected(jobId);
    if (changed === undefined) {
      throw new Error("no event");
    }
    await harmHistory("UPDATE event e SET body = body || ' '", changed);
    expect(await verifyAgain(jobId)).toMatchObject({ inSink: 19, missing: 0, conflicts: 1, checksumsEqual: true });
    const text = (await reportOf(jobId)).statements.join(" ");
    expect(text).toContain("at least 1 event was changed in history");
    expect(text).not.toContain("no longer in the logstore");
  });

  it("counts what a job did not deliver as missing, whether refused or left, and its checksums as equal", async () => {
    await recordDays(5);
    const jobId = await createJob(account, TRAIL);
    const minuteOf = (event: ExpectedEvent) => (event.event_time.getTime() % DAY_MS) / 60_000;
    await endJob(account, jobId, "failed", (event) =>
      minuteOf(event) === 1 ? "refuse" : minuteOf(event) === 3 && event.region === "cn-shanghai" ? "leave" : "deliver",
    );
    const { job } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    expect(job).toMatchObject({ delivered: 12, undeliverable: 4, remaining: 4 });
    expect(await verify(jobId)).toMatchObject({ inSink: 12, missing: 8, conflicts: 0, checksumsEqual: true });
  });

  it("tells a conflict at the sink from an event that is missing", async () => {
    await recordDays(3);
    const elder = await createJob(account, TRAIL);
    await endJob(account, elder, "complete");
    const [changed] = await listExpected(elder);
    if (changed === undefined) {
      throw new Error("no event");
    }
    await tamper("UPDATE log l SET event = '{}', digest = sha256('{}') WHERE true", changed);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "incomplete");
    const { job } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    expect(job).toMatchObject({ delivered: 11, presentAtSink: 11, undeliverable: 1 });
    expect(await verify(jobId)).toMatchObject({ inSink: 11, missing: 0, conflicts: 1, checksumsEqual: true });
  });

  it("has equal checksums when the sink stored more than its answers could tell", async () => {
    await recordDays(4);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "cancelled", ({ event_time }) =>
      event_time.getTime() % DAY_MS < 120_000 ? "deliver" : "store-without-answer",
    );
    expect(await verify(jobId)).toMatchObject({ inSink: 16, missing: 0, conflicts: 0, checksumsEqual: true });
  });

  it("does not count what arrived later as missing", async () => {
    await recordDays(2);
    const jobId = await createJob(account, TRAIL);
    await recordTexts(account, [
      eventText({ eventTime: new Date(TODAY - 2 * DAY_MS) }),
      eventText({ eventTime: new Date(TODAY - 9 * DAY_MS) }),
      eventText({ eventTime: new Date(TODAY - 2 * DAY_MS), region: "eu-central-1" }),
    ]);
    await endJob(account, jobId, "complete");
    expect(await verify(jobId)).toMatchObject({ inSink: 8, missing: 0, arrivedLater: 3, checksumsEqual: true });
  });

  it("misses nothing where one page of a slice ends and the next begins", async () => {
    const start = TODAY - 4 * DAY_MS;
    await recordTexts(
      account,
      Array.from({ length: 10_001 }, (_, index) =>
        eventText({ eventTime: new Date(start + Math.floor(index / 7) * 1_000) }),
      ),
    );
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    expect(await verify(jobId)).toMatchObject({ inSink: 10_001, missing: 0, checksumsEqual: true });
    const last = (await listExpected(jobId)).at(-1);
    if (last !== undefined) {
      await tamper("DELETE FROM log l WHERE true", last);
    }
    expect(await verifyAgain(jobId)).toMatchObject({ inSink: 10_000, missing: 1, conflicts: 0, checksumsEqual: false });
  });

  it("reads no day but its own, and by keys", async () => {
    await recordDays(300);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    await pool().query("ANALYZE event, log");
    const plans = await plansOf(async () => {
      await verify(jobId);
    });
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      expect(plan).not.toContain("Seq Scan on event_");
      expect(plan).not.toContain("Seq Scan on log_");
      expect(plan.match(/ on event_[0-9]{8}/g)?.length ?? 0).toBeLessThanOrEqual(1);
      expect(plan.match(/ on log_[0-9]{8}/g)?.length ?? 0).toBeLessThanOrEqual(1);
    }
  });
});

/** The plans of the statements on events and logs that the work runs, as PostgreSQL would make them for the same values. */
async function plansOf(work: () => Promise<void>): Promise<string[]> {
  const asked: { text: string; values: unknown[] }[] = [];
  const database = pool();
  const query = database.query.bind(database);
  const spied = (text: string, values: unknown[]) => {
    if (/ FROM (event|log) /.test(text)) {
      asked.push({ text, values });
    }
    return query(text, values);
  };
  database.query = spied as never;
  try {
    await work();
  } finally {
    database.query = query as never;
  }
  return Promise.all(
    asked.map(async ({ text, values }) => {
      const { rows } = await query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    }),
  );
}

describe("a verification after history has let days go", () => {
  it("compares the logs that carry the job's batches, and finds what was deleted and what was changed", async () => {
    // Older than what the other tests of this file use: the day is dropped for all of them.
    const day = new Date(TODAY - 40 * DAY_MS).toISOString().slice(0, 10);
    const events = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        eventText({ eventTime: new Date(TODAY - 40 * DAY_MS + index * 1_000) }),
      );
    await recordTexts(account, events(5));
    const elder = await createJob(account, TRAIL);
    await endJob(account, elder, "complete");
    await recordTexts(account, [...events(3), eventText({ eventTime: new Date(TODAY - 2 * DAY_MS) })]);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    const { job } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    expect(job).toMatchObject({ newAtSink: 4, presentAtSink: 5 });
    const ofDay = (await listExpected(jobId)).filter((event) => event.day === day);
    const idsOfElder = new Set((await listExpected(elder)).map(({ event_id }) => event_id));
    await verify(jobId);
    await verify(elder);

    await dropDay(day);
    const found = await verifyAgain(jobId);
    expect(found).toMatchObject({ inSink: 9, missing: 0, conflicts: null, slicesMissing: 0, checksumsEqual: true });
    expect(found.methods.toSorted()).toEqual(["checksum", "identity"]);
    // A job is told by its whole number: that of another one may begin with the same digits.
    const others = ofDay.find(({ event_id }) => !idsOfElder.has(event_id));
    if (others === undefined) {
      throw new Error("too few events");
    }
    await tamper(`UPDATE log l SET batch_ids = array_append(batch_ids, '${elder}0-1') WHERE true`, others);
    // Of five logs that an elder job stored first and this one's batches carried too, its own verification sees just those five.
    expect(await verifyAgain(elder)).toMatchObject({
      methods: ["checksum"],
      inSink: 5,
      missing: 0,
      checksumsEqual: true,
    });

    const [deleted, changed] = ofDay;
    if (deleted === undefined || changed === undefined) {
      throw new Error("too few events");
    }
    await tamper("UPDATE log l SET event = event || ' ' WHERE true", changed);
    expect(await verifyAgain(jobId)).toMatchObject({ inSink: 9, missing: 0, checksumsEqual: false });
    await tamper("DELETE FROM log l WHERE true", deleted);
    expect(await verifyAgain(jobId)).toMatchObject({ inSink: 8, missing: 1, slicesMissing: 0, checksumsEqual: false });
  });

  it("has no part in a day that went before its slice was read: it is a gap", async () => {
    const at = new Date(TODAY - 41 * DAY_MS);
    await recordTexts(account, [eventText({ eventTime: at }), eventText({ eventTime: new Date(TODAY - 2 * DAY_MS) })]);
    const jobId = await createJob(account, TRAIL);
    await dropDay(at.toISOString().slice(0, 10));
    await pool().query(
      `UPDATE delivery_slice SET gap = 1, state = 'incomplete', attempt = 1, ended_at = now() WHERE job_id = $1 AND day = $2`,
      [jobId, at.toISOString().slice(0, 10)],
    );
    await endJob(account, jobId, "incomplete");
    expect(await verify(jobId)).toMatchObject({ inSink: 1, missing: 0, checksumsEqual: true });
    const methods = (await sliceResults(jobId)).map(({ method, inSink }) => [method, Number(inSink)]);
    expect(methods).toEqual([
      ["checksum", 0],
      ["identity", 1],
    ]);
  });
});

describe("a verification of a sink that cannot be read", () => {
  it("says what was acknowledged and claims nothing more", async () => {
    account = await createHistoryAccount("http://127.0.0.1:9");
    await addTrail(account, { name: TRAIL });
    await recordDays(1);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    expect(await verify(jobId)).toMatchObject({
      state: "complete",
      methods: ["acknowledged"],
      inSink: 4,
      missing: null,
      conflicts: null,
      checksumsEqual: null,
      slicesMissing: 0,
    });
  });
});

describe("the work on a verification", () => {
  it("goes on after a killed worker with the slices that are left", async () => {
    await recordDays(2);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    const entry = await entryOf(jobId);
    let asked = 0;
    const dies = new Error("killed");
    const die = () => {
      asked++;
      if (asked === 3) {
        throw dies;
      }
      return false;
    };
    await expect(verifyJob(entry, "dies", die)).rejects.toBe(dies);
    expect(await verificationOf(jobId)).toMatchObject({ state: "running", slicesDone: 2 });
    const kept = await prisma()
      .$queryRaw`SELECT xmin::text, ctid::text FROM slice_verification WHERE verification_id = ${entry.verificationId}`;

    await verifyJob(entry, "goes on", NO);
    expect(await verificationOf(jobId)).toMatchObject({ state: "complete", slicesDone: 4, checksumsEqual: true });
    const all = await prisma()
      .$queryRaw`SELECT xmin::text, ctid::text FROM slice_verification WHERE verification_id = ${entry.verificationId}`;
    expect(all).toEqual(expect.arrayContaining(kept as unknown[]));
  });

  it("is handed to a new entry by a worker that ends, and the old one may do nothing more", async () => {
    await recordDays(2);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    const entry = await entryOf(jobId);
    await verifyJob(entry, "ends", () => true);
    const next = await entryOf(jobId);
    expect(next.id).not.toBe(entry.id);
    await verifyJob(entry, "late", NO);
    expect(await verificationOf(jobId)).toMatchObject({ state: "running", slicesDone: 0 });
    await verifyJob(next, "next", NO);
    expect(await verificationOf(jobId)).toMatchObject({ state: "complete", slicesDone: 4 });
  });

  it("is taken up by the sweep when its entry no longer lives, and only then", async () => {
    await recordDays(1);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    const entry = await entryOf(jobId);
    await sweepVerifications();
    expect((await entryOf(jobId)).id).toBe(entry.id);
    await pool().query("UPDATE pgboss.job SET state = 'failed' WHERE id = $1", [entry.id]);
    await sweepVerifications();
    expect((await entryOf(jobId)).id).not.toBe(entry.id);
    expect(await verify(jobId)).toMatchObject({ state: "complete" });
  });

  it("ends as failed after five tries that got nowhere, and can be requested again", async () => {
    await recordDays(1);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    const entry = await entryOf(jobId);
    const fault = () => {
      throw new Error("a fault of ours");
    };
    for (let tries = 0; tries < 5; tries++) {
      await expect(verifyJob(entry, "test", fault)).rejects.toThrow("a fault of ours");
    }
    await verifyJob(entry, "test", fault);
    expect(await verificationOf(jobId)).toMatchObject({
      state: "failed",
      failure: expect.stringContaining("Verify again"),
    });
    expect(await verifyAgain(jobId)).toMatchObject({ state: "complete", inSink: 4 });
  });

  it("gives way when its job is taken up again, and the job's next end has a whole one", async () => {
    await recordDays(2);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "cancelled", () => "leave");
    const entry = await entryOf(jobId);
    let asked = 0;
    await verifyJob(entry, "test", () => {
      asked++;
      return asked === 3;
    });
    const late = await entryOf(jobId);
    await pool().query(
      `UPDATE delivery_history_job SET phase = 'delivering', status = 1, ended_at = NULL, run = 2 WHERE id = $1`,
      [jobId],
    );
    await verifyJob(late, "test", NO);
    expect(await verificationOf(jobId)).toMatchObject({ state: "failed", failure: expect.stringContaining("newer") });
    await endJob(account, jobId, "complete");
    expect(await verify(jobId)).toMatchObject({ state: "complete", inSink: 8, missing: 0, checksumsEqual: true });
  });
});

describe("what a verification says", () => {
  it("equals a naive comparison in JavaScript over random histories, deliveries and logstores", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            minute: fc.nat(6),
            daysAgo: fc.integer({ min: 2, max: 3 }),
            region: fc.constantFrom(...REGIONS),
            eventRW: fc.constantFrom("Read", "Write", null),
            isLate: fc.boolean(),
            fate: fc.constantFrom<Fate>("deliver", "deliver", "deliver", "refuse", "store-without-answer", "leave"),
            harm: fc.constantFrom("none", "none", "none", "delete", "change", "forge"),
          }),
          { minLength: 1, maxLength: 25 },
        ),
        fc.constantFrom<"All" | "Write">("All", "Write"),
        compareWithNaive,
      ),
      { numRuns: 25 },
    );
  }, 120_000);
});

type RandomEvent = {
  minute: number;
  daysAgo: number;
  region: string;
  eventRW: "Read" | "Write" | null;
  isLate: boolean;
  fate: Fate;
  harm: string;
};

async function compareWithNaive(events: RandomEvent[], eventRW: "All" | "Write"): Promise<void> {
  account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, eventRW, logstore: true });
  const texts = events.map((event, index) => ({
    ...event,
    text: eventText({
      ...event,
      eventId: `event-${index}`,
      eventTime: new Date(TODAY - event.daysAgo * DAY_MS + event.minute * 60_000),
    }),
  }));
  const byId = new Map(texts.map((event, index) => [`event-${index}`, event]));
  await recordTexts(
    account,
    texts.filter(({ isLate }) => !isLate).map(({ text }) => text),
  );
  const jobId = await createJob(account, TRAIL);
  await recordTexts(
    account,
    texts.filter(({ isLate }) => isLate).map(({ text }) => text),
  );
  await endJob(account, jobId, "cancelled", ({ event_id }) => byId.get(event_id)?.fate ?? "leave");
  const expected = await listExpected(jobId);
  for (const event of expected) {
    const harm = byId.get(event.event_id)?.harm;
    if (harm === "delete") {
      await tamper("DELETE FROM log l WHERE true", event);
    } else if (harm === "change") {
      await tamper("UPDATE log l SET event = event || '!' WHERE true", event);
    } else if (harm === "forge") {
      await tamper("UPDATE log l SET event = '{}', digest = sha256('{}') WHERE true", event);
    }
  }
  const said = await verify(jobId);

  const { rows: logs } = await pool().query<{ event_id: string; event: string }>(
    `SELECT l.event_id, l.event FROM log l JOIN logstore s ON s.id = l.logstore_id
     JOIN log_project p ON p.id = s.log_project_id WHERE p.account_id = $1`,
    [account.accountId],
  );
  const inLogstore = new Map(logs.map(({ event_id, event }) => [event_id, event]));
  const slices = await prisma().deliverySlice.findMany({ where: { jobId } });
  const sum = (texts: string[]) => texts.reduce((total, text) => (total + digestOf(text)) % 2n ** 256n, 0n);
  const isEqual = slices.map((slice) => {
    const ofSlice = expected.filter(
      ({ region, day }) => region === slice.region && Date.parse(day) === slice.day.getTime(),
    );
    const end = ofSlice.findIndex(({ event_id }) => !["deliver", "refuse"].includes(byId.get(event_id)?.fate ?? ""));
    const delivered = ofSlice
      .slice(0, end === -1 ? undefined : end)
      .filter(({ event_id }) => byId.get(event_id)?.fate === "deliver");
    return (
      sum(delivered.map(({ body }) => body)) ===
      sum(delivered.map(({ event_id }) => inLogstore.get(event_id) ?? "gone"))
    );
  });
  const isWanted = (event: RandomEvent) => eventRW === "All" || event.eventRW === "Write";
  expect(said).toMatchObject({
    state: "complete",
    inSink: expected.filter(({ event_id, body }) => inLogstore.get(event_id) === body).length,
    missing: expected.filter(({ event_id }) => !inLogstore.has(event_id)).length,
    conflicts: expected.filter(({ event_id, body }) => inLogstore.has(event_id) && inLogstore.get(event_id) !== body)
      .length,
    checksumsEqual: slices.length === 0 ? null : isEqual.every(Boolean),
    arrivedLater: events.filter((event) => event.isLate && isWanted(event)).length,
  });
}
