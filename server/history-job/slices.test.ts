import { createHash } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { Checksum } from "@/domain/event/checksum.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import {
  addTrail,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { beginJob, holdEntry, loseEntry, takeEntries } from "@/testing/queue-entries.ts";
import { createHistoryJob } from "./commands.ts";
import { cancelHistoryJob, pauseHistoryJob } from "./control.ts";
import { readPage } from "./pages.ts";
import { findSlotJob, getHistoryJob } from "./queries.ts";
import { failJob, sweepJobs } from "./settle.ts";
import {
  beginDelivery,
  checkHold,
  claimNextSlice,
  endSlice,
  failSlice,
  type SliceClaim,
  type SliceProgress,
  saveLastProgress,
  saveProgress,
  saveResent,
  stopSlice,
} from "./slices.ts";

const DAY_MS = 86_400_000;
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - 5 * DAY_MS + DAY_MS / 2;
const LIMITS = { logsMax: 4_000, bytesMax: 1_800_000 };

/** So many that each slice is worth an entry of its own (lengthOfNextRun). */
const EVENTS_PER_SLICE = 2_001;

let account: HistoryAccount;

afterAll(closeQueue);

beforeEach(async () => {
  account = await createHistoryAccount("http://127.0.0.1:9");
  await addTrail(account, { name: "all-events" });
  await addTrail(account, { name: "write-events", eventRW: "Write" });
});

/** Slices of the days up to NOON's, each worth an entry of its own. */
async function recordSlices(count: number): Promise<void> {
  for (let day = 0; day < count; day++) {
    const at = (index: number) => new Date(NOON - DAY_MS * (count - 1 - day) + index);
    await recordTexts(
      account,
      Array.from({ length: EVENTS_PER_SLICE }, (_, index) => eventText({ eventTime: at(index) })),
    );
  }
}

async function startJob(trailName = "all-events"): Promise<number> {
  const input = createHistoryJobInputSchema.parse({ trailName });
  const { jobId } = await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), input);
  await beginJob(jobId);
  return jobId;
}

async function entriesOf(jobId: number): Promise<string[]> {
  const { rows } = await pool().query<{ entry_id: string }>(
    `SELECT entry_id FROM delivery_slice WHERE job_id = $1 AND entry_id IS NOT NULL GROUP BY 1 ORDER BY min(day), min(region)`,
    [jobId],
  );
  return rows.map((row) => row.entry_id);
}

async function claimFirst(jobId: number, worker = "one"): Promise<SliceClaim> {
  const [entry = ""] = await entriesOf(jobId);
  const claim = await claimNextSlice(await holdEntry(entry), worker);
  if (claim === null) {
    throw new Error("nothing to claim");
  }
  return claim;
}

async function jobOf(jobId: number) {
  return getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
}

/** Progress over all events of a slice, with the given ones undeliverable. */
async function progressOver(claim: SliceClaim, undeliverable: readonly string[] = []): Promise<SliceProgress> {
  const { events } = await readPage(claim, null, LIMITS);
  const last = events.at(-1);
  if (last === undefined) {
    throw new Error("an empty slice");
  }
  const taken = events.filter(({ eventId }) => !undeliverable.includes(eventId));
  const checksum = new Checksum();
  for (const { digest } of taken) {
    checksum.add(digest);
  }
  return {
    cursor: last,
    newAtSink: taken.length,
    presentAtSink: 0,
    undeliverable: events
      .filter(({ eventId }) => undeliverable.includes(eventId))
      .map(({ eventTime, eventId }) => ({ eventTime, eventId, reason: "conflict" })),
    bytes: taken.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0),
    checksum: checksum.toBytes(),
    isAccepted: true,
    deliveryTimed: 0,
    resent: 0,
    endsAs: null,
  };
}

describe("a slice's last progress, with the claim on the next", () => {
  /** A job of three days with one event each, which share one entry; the first day is claimed. */
  async function claimFirstOfThree() {
    for (const days of [2, 1, 0]) {
      await recordTexts(account, [eventText({ eventTime: new Date(NOON - days * DAY_MS) })]);
    }
    const jobId = await startJob();
    const [entryId = ""] = await entriesOf(jobId);
    const entry = await holdEntry(entryId);
    const claim = (await claimNextSlice(entry, "one")) ?? expect.fail("nothing to claim");
    return { jobId, entry, claim, progress: { ...(await progressOver(claim)), endsAs: "complete" as const } };
  }

  async function statesOf(jobId: number) {
    return (await jobOf(jobId)).slices.map(({ state, attempt }) => [state, attempt]);
  }

  it("ends it and brings the claim on the entry's next slice, as a claim of its own would", async () => {
    const { jobId, entry, claim, progress } = await claimFirstOfThree();
    const { hold, next } = await saveLastProgress(claim, progress, entry, "one");

    expect(hold).toBe("held");
    expect(await statesOf(jobId)).toEqual([
      ["complete", 1],
      ["delivering", 1],
      ["waiting", 0],
    ]);
    const again = await claimNextSlice(entry, "one");
    expect(next).toEqual({ ...again, attempt: 1, askedAt: expect.any(Number), runningMs: expect.any(Number) });
  });

  it("brings none when there is none left", async () => {
    const { jobId, entry, claim, progress } = await claimFirstOfThree();
    await pool().query("UPDATE delivery_slice SET state = 'stopped', ended_at = now() WHERE job_id = $1 AND day > $2", [
      jobId,
      claim.day,
    ]);
    expect(await saveLastProgress(claim, progress, entry, "one")).toEqual({ hold: "held", next: null });
  });

  it("claims nothing when the slice has been lost to another worker", async () => {
    const { jobId, entry, claim, progress } = await claimFirstOfThree();
    await claimNextSlice(entry, "next");
    expect(await saveLastProgress(claim, progress, entry, "one")).toEqual({ hold: "lost", next: null });
    expect(await statesOf(jobId)).toEqual([
      ["delivering", 2],
      ["waiting", 0],
      ["waiting", 0],
    ]);
  });

  it("counts, and claims nothing, when another worker has the entry meanwhile or the job is paused", async () => {
    const { jobId, entry, claim, progress } = await claimFirstOfThree();
    const late = { ...entry, retryCount: entry.retryCount - 1 };
    expect(await saveLastProgress(claim, progress, late, "one")).toEqual({ hold: "held", next: null });
    const second = (await claimNextSlice(entry, "one")) ?? expect.fail("nothing to claim");
    const end = { ...(await progressOver(second)), endsAs: "complete" as const };
    await pauseHistoryJob(account.scope("backtrail:PauseDeliveryHistoryJob"), { jobId });
    expect(await saveLastProgress(second, end, entry, "one")).toEqual({ hold: "paused", next: null });
    expect(await statesOf(jobId)).toEqual([
      ["complete", 1],
      ["complete", 1],
      ["waiting", 0],
    ]);
  });

  it("does not wait for a slice that somebody else has locked, but takes the next one", async () => {
    const { jobId, entry, claim, progress } = await claimFirstOfThree();
    const other = await pool().connect();
    try {
      await other.query("BEGIN");
      await other.query(
        "SELECT FROM delivery_slice WHERE job_id = $1 AND state = 'waiting' ORDER BY day LIMIT 1 FOR UPDATE",
        [jobId],
      );
      const { next } = await saveLastProgress(claim, progress, entry, "one");
      expect(next?.day).toBe(new Date(NOON).toISOString().slice(0, 10));
    } finally {
      await other.query("ROLLBACK");
      other.release();
    }
  });
});

describe("a claim", () => {
  it("writes while it is the latest and touches no row once another worker has claimed", async () => {
    await recordTexts(account, [eventText({ eventTime: new Date(NOON) })]);
    const jobId = await startJob();
    const late = await claimFirst(jobId, "late");
    const progress = await progressOver(late);
    const next = await claimFirst(jobId, "next");
    expect(next.attempt).toBe(late.attempt + 1);

    expect(await saveProgress(late, progress)).toBe("lost");
    expect(await checkHold(late)).toBe("lost");
    expect(await endSlice(late, "incomplete")).toBe("lost");
    expect(await failSlice(late, { code: "x", message: "x" })).toBe("lost");
    expect((await jobOf(jobId)).slices[0]).toMatchObject({ state: "delivering", delivered: 0, gap: 0 });

    expect(await saveProgress(next, progress)).toBe("held");
    expect(await endSlice(next, "complete")).toBe("held");
    expect((await jobOf(jobId)).slices[0]).toMatchObject({ state: "complete", delivered: 1, attempt: 2, batches: 1 });
  });

  it("is not given to a worker whose entry another has meanwhile, and takes nothing from that one", async () => {
    await recordTexts(account, [eventText({ eventTime: new Date(NOON) })]);
    const jobId = await startJob();
    const [frozen] = await takeEntries(jobId);
    if (frozen === undefined) {
      throw new Error("no entry");
    }
    await loseEntry(frozen);
    const claim = await claimFirst(jobId, "next");

    expect(await claimNextSlice(frozen, "frozen")).toBeNull();
    expect(await checkHold(claim)).toBe("held");
  });

  it("does not begin a job for a worker whose entry another has meanwhile", async () => {
    await recordTexts(account, [eventText({ eventTime: new Date(NOON) })]);
    const input = createHistoryJobInputSchema.parse({ trailName: "all-events" });
    const { jobId } = await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), input);
    const [frozen] = await takeEntries(jobId);
    if (frozen === undefined) {
      throw new Error("no entry");
    }
    await loseEntry(frozen);
    const [next] = await takeEntries(jobId);
    if (next === undefined) {
      throw new Error("no entry");
    }

    await beginDelivery(frozen);
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "queued", startedAt: null });
    await beginDelivery(next);
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "delivering" });
  });

  it("goes on from cursor, counts and checksum, which move together", async () => {
    const texts = [1, 2, 3].map((id) => eventText({ eventTime: new Date(NOON + id), eventId: `E${id}` }));
    await recordTexts(account, texts);
    const jobId = await startJob();
    const claim = await claimFirst(jobId);
    await saveProgress(claim, await progressOver(claim, ["E2"]));

    const resumed = await claimFirst(jobId);
    const checksum = new Checksum();
    for (const text of texts.filter((_, index) => index !== 1)) {
      checksum.add(createHash("sha256").update(text).digest());
    }
    expect(resumed.cursor).toEqual({ eventTime: new Date(NOON + 3), eventId: "E3" });
    expect(resumed.ledger).toEqual({ expected: 3, delivered: 2, undeliverable: 1, gap: 0 });
    expect(Buffer.from(resumed.checksum)).toEqual(Buffer.from(checksum.toBytes()));
    expect(await readPage(resumed, resumed.cursor, LIMITS)).toEqual({ events: [], isLast: true });
    const { rows } = await pool().query("SELECT event_id, reason FROM undeliverable WHERE job_id = $1", [jobId]);
    expect(rows).toEqual([{ event_id: "E2", reason: "conflict" }]);
  });

  it("is given for the slices of its entry alone, one after the other, and ends with null", async () => {
    await recordSlices(2);
    const jobId = await startJob();
    const [first = "", second = ""] = await entriesOf(jobId);
    const claim = await claimNextSlice(await holdEntry(first), "one");
    expect(claim?.day).toBe(new Date(NOON - DAY_MS).toISOString().slice(0, 10));
    if (claim) {
      await saveProgress(claim, await progressOver(claim));
      await endSlice(claim, "complete");
    }
    expect(await claimNextSlice(await holdEntry(first), "one")).toBeNull();
    expect((await claimNextSlice(await holdEntry(second), "two"))?.day).toBe(new Date(NOON).toISOString().slice(0, 10));
  });
});

describe("a claim's hold", () => {
  it("says that a paused job is to go on later, and that one which is ending is not", async () => {
    await recordTexts(account, [eventText({ eventTime: new Date(NOON) })]);
    const jobId = await startJob();
    await takeEntries(jobId);
    const claim = await claimFirst(jobId);
    await pauseHistoryJob(account.scope("backtrail:PauseDeliveryHistoryJob"), { jobId });
    expect(await checkHold(claim)).toBe("paused");
    // What was on the wire is still acknowledged.
    expect(await saveProgress(claim, await progressOver(claim))).toBe("paused");
    await cancelHistoryJob(account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId });
    expect(await checkHold(claim)).toBe("stop");
    await stopSlice(claim);
    expect((await jobOf(jobId)).slices[0]).toMatchObject({ state: "stopped", delivered: 1 });
  });
});

describe("progress", () => {
  it("counts accepted pieces, requests sent once more and logs with the time of their delivery", async () => {
    await recordTexts(
      account,
      [1, 2].map((id) => eventText({ eventTime: new Date(NOON + id), eventId: `E${id}` })),
    );
    const jobId = await startJob();
    const claim = await claimFirst(jobId);
    const whole = await progressOver(claim);
    await saveProgress(claim, { ...whole, newAtSink: 1, deliveryTimed: 1, resent: 3 });
    const refused = { eventTime: new Date(NOON + 2), eventId: "E2", reason: "InvalidKey: no" };
    await saveProgress(claim, {
      ...whole,
      newAtSink: 0,
      bytes: 0,
      undeliverable: [refused],
      isAccepted: false,
      resent: 1,
    });
    await saveResent(claim, 2);
    expect((await jobOf(jobId)).slices[0]).toMatchObject({
      batches: 1,
      resent: 6,
      deliveryTimed: 1,
      delivered: 1,
      undeliverable: 1,
      remaining: 0,
    });
    const late = { ...claim, attempt: claim.attempt - 1 };
    await saveResent(late, 5);
    expect((await jobOf(jobId)).slices[0]).toMatchObject({ resent: 6 });
  });
});

describe("the last progress of a slice", () => {
  it("ends its claim in the same statement, with what is missing as its gap, and only once", async () => {
    await recordTexts(
      account,
      [1, 2, 3].map((id) => eventText({ eventTime: new Date(NOON + id), eventId: `E${id}` })),
    );
    const jobId = await startJob();
    const claim = await claimFirst(jobId);
    await pool().query("DELETE FROM event WHERE account_id = $1 AND event_id = 'E1'", [account.accountId]);
    const last = { ...(await progressOver(claim, ["E2"])), endsAs: "incomplete" } as const;
    expect(await saveProgress({ ...claim, attempt: claim.attempt - 1 }, last)).toBe("lost");
    expect(await saveProgress(claim, last)).toBe("held");
    const ended = { state: "incomplete", expected: 3, delivered: 1, undeliverable: 1, gap: 1, remaining: 0 };
    expect((await jobOf(jobId)).slices[0]).toMatchObject(ended);
    expect(await saveProgress(claim, last)).toBe("lost");
    expect(await endSlice(claim, "complete")).toBe("lost");
    expect((await jobOf(jobId)).slices[0]).toMatchObject(ended);
  });
});

describe("a page", () => {
  it.each([
    [{ logsMax: 2, bytesMax: 1_000 }, [["E1", "E2"], ["E3", "E4"], ["E5"]]],
    [{ logsMax: 9, bytesMax: 1_000 }, [["E1", "E2", "E3"], ["E4"], ["E5"]]],
    [{ logsMax: 9, bytesMax: 9_999 }, [["E1", "E2", "E3", "E4", "E5"]]],
  ])("ends by count and bytes alone, %j, is the same again, and known to be the last", async (limits, expected) => {
    const body = (index: number, size: number) =>
      JSON.stringify({
        eventId: `E${index}`,
        eventTime: new Date(NOON + index).toISOString(),
        acsRegion: "cn-hangzhou",
        filler: "ä".repeat(size / 2),
      });
    await recordTexts(account, [body(1, 400), body(2, 400), body(3, 400), body(4, 5_000), body(5, 400)]);
    const jobId = await startJob();
    const claim = await claimFirst(jobId);
    const pages: string[][] = [];
    let cursor = claim.cursor;
    for (;;) {
      const page = await readPage(claim, cursor, limits);
      const last = page.events.at(-1);
      if (last === undefined) {
        break;
      }
      expect(await readPage(claim, cursor, limits)).toEqual(page);
      pages.push(page.events.map(({ eventId }) => eventId));
      expect(page.isLast).toBe(last.eventId === "E5");
      cursor = last;
    }
    expect(pages).toEqual(expected);
  });

  it("leaves out what arrived after the job was created and what the trail does not select", async () => {
    await recordTexts(account, [
      eventText({ eventTime: new Date(NOON), eventRW: "Write", eventId: "W" }),
      eventText({ eventTime: new Date(NOON), eventRW: "Read", eventId: "R" }),
      eventText({ eventTime: new Date(NOON), eventRW: null, eventId: "N" }),
    ]);
    const jobId = await startJob("write-events");
    await recordTexts(account, [eventText({ eventTime: new Date(NOON), eventRW: "Write", eventId: "LATE" })]);
    const claim = await claimFirst(jobId);
    expect((await readPage(claim, null, LIMITS)).events.map(({ eventId }) => eventId)).toEqual(["W"]);
  });

  it("is read in the order of the index, from the partition of its day, without a sort", async () => {
    const explained = await pool().query<{ "QUERY PLAN": string }>(
      `EXPLAIN SELECT page.event_time FROM (
         SELECT e.event_time, e.event_id, e.body,
           sum(octet_length(e.body)) OVER (ORDER BY e.event_time, e.event_id ROWS UNBOUNDED PRECEDING) AS before
         FROM event e
         WHERE e.account_id = '1' AND e.region = 'r' AND e.event_time < $1::timestamptz + interval '12 hours' AND e.event_time >= $1
           AND (e.event_time, e.event_id) > ($1, 'x') AND e.arrival <= 5
         ORDER BY e.event_time, e.event_id LIMIT 4000
       ) page WHERE page.before < 1800000 ORDER BY page.event_time`.replaceAll(
        "$1",
        `'${new Date(NOON).toISOString()}'`,
      ),
    );
    const plan = explained.rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).not.toMatch(/\bSort\b/);
    expect(plan.match(/on event_\d+/g)).toHaveLength(1);
  });
});

describe("a job that cannot go on", () => {
  beforeEach(() => recordSlices(3));

  it("is cancelling and keeps the slot until its last claim has ended, then failed with the sink's words", async () => {
    const jobId = await startJob();
    const [, second = ""] = await entriesOf(jobId);
    await takeEntries(jobId);
    const claim = await claimFirst(jobId);
    const other = await claimNextSlice(await holdEntry(second), "other");
    await failJob(claim, { code: "LogStoreNotExist", message: "logstore actiontrail_all-events does not exist" });
    await stopSlice(claim);
    await sweepJobs();

    expect((await jobOf(jobId)).job).toMatchObject({ phase: "cancelling", status: 1 });
    expect((await findSlotJob(account.scope("actiontrail:ListDeliveryHistoryJobs"))).job?.id).toBe(jobId);
    expect(other && (await saveProgress(other, await progressOver(other)))).toBe("stop");
    if (other) {
      await stopSlice(other);
    }
    await sweepJobs();

    const { job, slices } = await jobOf(jobId);
    expect(job).toMatchObject({
      phase: "failed",
      status: 3,
      delivered: EVENTS_PER_SLICE,
      remaining: 2 * EVENTS_PER_SLICE,
      failure: { code: "LogStoreNotExist", message: "logstore actiontrail_all-events does not exist" },
    });
    // The second was stopped behind its last event: nothing is left of it.
    expect(slices.map(({ state }) => state)).toEqual(["stopped", "complete", "stopped"]);
    expect((await findSlotJob(account.scope("actiontrail:ListDeliveryHistoryJobs"))).job).toBeNull();
  });

  it("is not ended by a worker whose slice another has taken over", async () => {
    const jobId = await startJob();
    const late = await claimFirst(jobId, "late");
    await claimFirst(jobId, "next");
    await failJob(late, { code: "Unauthorized", message: "no" });
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "delivering", failure: null });
  });

  it("lets no new claim through once it is ending", async () => {
    const jobId = await startJob();
    const entries = await entriesOf(jobId);
    await failJob(await claimFirst(jobId), { code: "Unauthorized", message: "no" });
    for (const entry of entries) {
      expect(await claimNextSlice(await holdEntry(entry), "one")).toBeNull();
    }
  });

  it("ends failed when one slice failed for good, after the others were delivered", async () => {
    const jobId = await startJob();
    for (const [index, entry] of (await entriesOf(jobId)).entries()) {
      const claim = await claimNextSlice(await holdEntry(entry), "one");
      if (claim === null) {
        throw new Error("nothing to claim");
      }
      if (index === 1) {
        await failSlice(claim, { code: "PostBodyInvalid", message: "key is not valid" });
      } else {
        await saveProgress(claim, await progressOver(claim));
        await endSlice(claim, "complete");
      }
      await sweepJobs();
    }
    expect((await jobOf(jobId)).job).toMatchObject({
      phase: "failed",
      delivered: 2 * EVENTS_PER_SLICE,
      remaining: EVENTS_PER_SLICE,
      failure: { code: "PostBodyInvalid" },
    });
  });

  it("ends incomplete when a slice was read to its end and events are gone: the gap is the reason", async () => {
    const jobId = await startJob();
    for (const [index, entry] of (await entriesOf(jobId)).entries()) {
      const claim = await claimNextSlice(await holdEntry(entry), "one");
      if (claim !== null && index > 0) {
        await saveProgress(claim, await progressOver(claim));
        await endSlice(claim, "complete");
      } else if (claim !== null) {
        await endSlice(claim, "incomplete");
      }
    }
    await sweepJobs();
    expect((await jobOf(jobId)).job).toMatchObject({
      phase: "incomplete",
      delivered: 2 * EVENTS_PER_SLICE,
      gap: EVENTS_PER_SLICE,
      remaining: 0,
      failure: null,
    });
  });
});

describe("the sweep", () => {
  it("gives the slices of an entry that no longer lives to a new one, and fences whoever held them", async () => {
    await recordTexts(account, [eventText({ eventTime: new Date(NOON) })]);
    const jobId = await startJob();
    const [lost = ""] = await entriesOf(jobId);
    const held = await claimFirst(jobId);
    await sweepJobs();
    expect(await entriesOf(jobId)).toEqual([lost]);

    await pool().query("DELETE FROM pgboss.job WHERE id = $1", [lost]);
    await sweepJobs();
    const [fresh = ""] = await entriesOf(jobId);
    expect(fresh).not.toBe(lost);
    expect(await saveProgress(held, await progressOver(held))).toBe("lost");
    expect((await claimNextSlice(await holdEntry(fresh), "next"))?.attempt).toBeGreaterThan(held.attempt);
  });

  it("goes on to the other jobs when one cannot be settled", async () => {
    await recordTexts(account, [eventText({ eventTime: new Date(NOON) })]);
    const stuckId = await startJob();
    const claim = await claimFirst(stuckId);
    await saveProgress(claim, await progressOver(claim));
    await endSlice(claim, "complete");
    // No course of a job leads here: the ledger's constraint then refuses its end.
    await pool().query("UPDATE delivery_history_job SET expected = 0 WHERE id = $1", [stuckId]);
    const stuckAccount = account;
    account = await createHistoryAccount("http://127.0.0.1:9");
    await addTrail(account, { name: "all-events" });
    await recordTexts(account, [eventText({ eventTime: new Date(NOON) })]);
    const jobId = await startJob();
    const [lost = ""] = await entriesOf(jobId);
    await pool().query("DELETE FROM pgboss.job WHERE id = $1", [lost]);

    await sweepJobs();
    expect(await entriesOf(jobId)).not.toContain(lost);
    await pool().query(
      "UPDATE delivery_history_job SET phase = 'cancelled', status = 3, ended_at = now() WHERE account_id = $1 AND status = 1",
      [stuckAccount.accountId],
    );
  });

  it("keeps at most four entries of a job alive and adds the next when one is done", async () => {
    await recordSlices(5);
    const jobId = await startJob();
    const first = await entriesOf(jobId);
    expect(first).toHaveLength(4);
    for (const entry of first) {
      for (
        let claim = await claimNextSlice(await holdEntry(entry), "one");
        claim !== null;
        claim = await claimNextSlice(await holdEntry(entry), "one")
      ) {
        await saveProgress(claim, await progressOver(claim));
        await endSlice(claim, "complete");
      }
    }
    await pool().query("UPDATE pgboss.job SET state = 'completed', completed_on = now() WHERE id = ANY ($1)", [first]);
    await sweepJobs();
    const { slices } = await jobOf(jobId);
    expect(slices.filter(({ state }) => state === "waiting").length).toBeGreaterThan(0);
    expect((await entriesOf(jobId)).filter((entry) => !first.includes(entry)).length).toBeGreaterThan(0);
  });
});
