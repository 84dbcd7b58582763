import { afterAll, beforeEach, describe, expect, it } from "vitest";
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
import { beginJob, holdEntry, takeEntries } from "@/testing/queue-entries.ts";
import { createHistoryJob } from "./commands.ts";
import { retryHistoryJob } from "./control.ts";
import { readPage, readUndeliverable } from "./pages.ts";
import { getHistoryJob } from "./queries.ts";
import { sweepJobs } from "./settle.ts";
import {
  claimNextSlice,
  endSlice,
  type RetriedProgress,
  type SliceClaim,
  saveProgress,
  saveRetried,
} from "./slices.ts";

const DAY_MS = 86_400_000;
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - 5 * DAY_MS + DAY_MS / 2;
const LIMITS = { logsMax: 4_000, bytesMax: 1_800_000 };

let account: HistoryAccount;

afterAll(closeQueue);

beforeEach(async () => {
  account = await createHistoryAccount("http://127.0.0.1:9");
  await addTrail(account, { name: "all-events" });
});

/** The job's next claim, as of a worker whose entries have just been given out. */
async function claimOf(jobId: number): Promise<SliceClaim> {
  await takeEntries(jobId);
  const { rows } = await pool().query<{ entry_id: string }>(
    "SELECT entry_id FROM delivery_slice WHERE job_id = $1 AND entry_id IS NOT NULL",
    [jobId],
  );
  const claim = await claimNextSlice(await holdEntry(rows[0]?.entry_id ?? ""), "worker");
  if (claim === null) {
    throw new Error("nothing to claim");
  }
  return claim;
}

async function slicesOf(jobId: number) {
  return (await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId)).slices;
}

describe("a retry", () => {
  const ids = ["E1", "E2", "E3", "E4"];

  /** A slice of four events of which the first was delivered and the others were refused, in the next run of its job. */
  async function retriedSlice(): Promise<SliceClaim> {
    await recordTexts(
      account,
      ids.map((eventId, index) => eventText({ eventTime: new Date(NOON + index), eventId })),
    );
    const input = createHistoryJobInputSchema.parse({ trailName: "all-events" });
    const { jobId } = await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), input);
    await beginJob(jobId);
    const claim = await claimOf(jobId);
    const {
      events: [first, ...refused],
    } = await readPage(claim, null, LIMITS);
    await saveProgress(claim, {
      cursor: keyOf(3),
      newAtSink: 1,
      presentAtSink: 0,
      undeliverable: refused.map(({ eventTime, eventId }) => ({ eventTime, eventId, reason: "InvalidKey: no" })),
      bytes: first?.body.length ?? 0,
      checksum: first?.digest ?? claim.checksum,
      isAccepted: true,
      deliveryTimed: 0,
      resent: 0,
      endsAs: null,
    });
    await endSlice(claim, "incomplete");
    await sweepJobs();
    await retryHistoryJob(account.scope("backtrail:RetryDeliveryHistoryJob"), { jobId });
    await beginJob(jobId);
    return claimOf(jobId);
  }

  function retried(claim: SliceClaim, fields: Partial<RetriedProgress>): RetriedProgress {
    return {
      delivered: [],
      gone: [],
      undeliverable: [],
      newAtSink: 0,
      presentAtSink: 0,
      bytes: 0,
      checksum: claim.checksum,
      isAccepted: true,
      deliveryTimed: 0,
      resent: 0,
      ...fields,
    };
  }

  const keyOf = (index: number) => ({ eventTime: new Date(NOON + index), eventId: ids[index] ?? "" });

  it("reads what was refused in key order, as it stands in history, in pages of a batch", async () => {
    const claim = await retriedSlice();
    expect(claim).toMatchObject({ run: 2, ledger: { expected: 4, delivered: 1, undeliverable: 3, gap: 0 } });
    expect((await readPage(claim, claim.cursor, LIMITS)).events).toEqual([]);
    const page = await readUndeliverable(claim, null, LIMITS);
    const {
      events: [, ...inHistory],
    } = await readPage(claim, null, LIMITS);
    expect(page).toEqual({ events: inHistory, gone: [], last: keyOf(3) });

    const first = await readUndeliverable(claim, null, { ...LIMITS, logsMax: 2 });
    expect(first.events.map(({ eventId }) => eventId)).toEqual(["E2", "E3"]);
    const second = await readUndeliverable(claim, first.last, { ...LIMITS, logsMax: 2 });
    expect(second.events.map(({ eventId }) => eventId)).toEqual(["E4"]);
    const byBytes = await readUndeliverable(claim, null, { ...LIMITS, bytesMax: 1 });
    expect(byBytes.events.map(({ eventId }) => eventId)).toEqual(["E2"]);
    expect(await readUndeliverable(claim, second.last, LIMITS)).toEqual({ events: [], gone: [], last: null });
  });

  it("moves what is accepted, keeps what is refused with the new reason and lets what is gone be a gap", async () => {
    const claim = await retriedSlice();
    await pool().query("DELETE FROM event WHERE account_id = $1 AND event_id = 'E4'", [account.accountId]);
    const page = await readUndeliverable(claim, null, LIMITS);
    expect(page.gone).toEqual([keyOf(3)]);
    // What is gone is no reason to pass over what did not fit.
    expect((await readUndeliverable(claim, null, { ...LIMITS, bytesMax: 1 })).last).toEqual(keyOf(1));

    const checksum = new Uint8Array(32).fill(7);
    expect(await saveRetried(claim, retried(claim, { delivered: [keyOf(1)], newAtSink: 1, bytes: 9, checksum }))).toBe(
      "held",
    );
    const refused = { ...keyOf(2), reason: "InvalidKey: again" };
    await saveRetried(claim, retried(claim, { undeliverable: [refused], checksum, isAccepted: false }));
    await saveRetried(claim, retried(claim, { gone: page.gone, checksum, isAccepted: false }));

    expect((await readUndeliverable(claim, null, LIMITS)).last).toBeNull();
    expect((await slicesOf(claim.jobId))[0]).toMatchObject({ delivered: 2, undeliverable: 1, gap: 1, remaining: 0 });
    const { rows } = await pool().query("SELECT event_id, reason, run FROM undeliverable WHERE job_id = $1", [
      claim.jobId,
    ]);
    expect(rows).toEqual([{ event_id: "E3", reason: "InvalidKey: again", run: 2 }]);
    const next = await claimOf(claim.jobId);
    expect([...next.checksum]).toEqual([...checksum]);
  });

  it("changes nothing for a worker whose slice another has taken over", async () => {
    const late = await retriedSlice();
    const next = await claimOf(late.jobId);
    expect(await saveRetried(late, retried(late, { delivered: [keyOf(1)], newAtSink: 1 }))).toBe("lost");
    expect((await readUndeliverable(next, null, LIMITS)).events).toHaveLength(3);
    expect((await slicesOf(late.jobId))[0]).toMatchObject({ delivered: 1, undeliverable: 3 });
  });
});
