import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { REGIONS } from "@/domain/trail/trail.ts";
import { pool } from "@/server/db.ts";
import type * as queue from "@/server/queue.ts";
import { closeQueue, type HeldEntry } from "@/server/queue.ts";
import { generateHistory } from "@/testing/generated-history.ts";
import {
  addTrail,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { beginJob, loseEntry, takeEntry } from "@/testing/queue-entries.ts";
import { createHistoryJob } from "./commands.ts";
import { cancelHistoryJob } from "./control.ts";
import { getHistoryJob } from "./queries.ts";
import { settleAfterEntry } from "./settle.ts";
import { checkHold, claimNextSlice, type SliceClaim, stopSlice } from "./slices.ts";

/** What the queue does just after it has told a settlement about its entries, once. */
const meanwhile = vi.hoisted((): { happens: (() => Promise<void>) | null } => ({ happens: null }));

vi.mock("@/server/queue.ts", async (original: () => Promise<typeof queue>) => {
  const real = await original();
  const andThen = async <T>(answer: Promise<T>): Promise<T> => {
    const told = await answer;
    const { happens } = meanwhile;
    meanwhile.happens = null;
    await happens?.();
    return told;
  };
  return {
    ...real,
    findLiveEntries: ((...args) => andThen(real.findLiveEntries(...args))) satisfies typeof queue.findLiveEntries,
    isEntryHeld: ((...args) => andThen(real.isEntryHeld(...args))) satisfies typeof queue.isEntryHeld,
  };
});

const YESTERDAY = Date.now() - 86_400_000;

let account: HistoryAccount;
let jobId: number;

beforeEach(async () => {
  meanwhile.happens = null;
  account = await createHistoryAccount("http://127.0.0.1:9");
  await addTrail(account, { name: "all-events" });
  await recordTexts(account, [eventText({ eventTime: new Date(YESTERDAY) })]);
  const input = createHistoryJobInputSchema.parse({ trailName: "all-events" });
  jobId = (await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), input)).jobId;
  await beginJob(jobId);
});

afterAll(closeQueue);

async function takeAndClaim(): Promise<{ entry: HeldEntry; claim: SliceClaim }> {
  const entry = (await takeEntry(jobId)) ?? expect.fail("no entry waits");
  const claim = (await claimNextSlice(entry, "worker")) ?? expect.fail("nothing to claim");
  return { entry, claim };
}

async function jobNow() {
  return (await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId)).job;
}

describe("a claim that begins while its job is being settled", () => {
  it("keeps a job that is being cancelled in the slot until it has ended", async () => {
    let claimed: Awaited<ReturnType<typeof takeAndClaim>> | undefined;
    meanwhile.happens = async () => {
      claimed = await takeAndClaim();
    };
    await cancelHistoryJob(account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId });
    const { entry, claim } = claimed ?? expect.fail("nobody claimed");
    expect(await jobNow()).toMatchObject({ phase: "cancelling", claims: 1 });
    expect(await checkHold(claim)).toBe("stop");

    await stopSlice(claim);
    await settleAfterEntry(entry);
    expect(await jobNow()).toMatchObject({ phase: "cancelled", claims: 0 });
  });

  it("is not taken away by a handler that was frozen before it could settle, and has lost its entry since", async () => {
    const frozen = await takeAndClaim();
    let claimed: Awaited<ReturnType<typeof takeAndClaim>> | undefined;
    meanwhile.happens = async () => {
      await loseEntry(frozen.entry);
      claimed = await takeAndClaim();
    };
    await settleAfterEntry(frozen.entry);
    const { claim } = claimed ?? expect.fail("nobody claimed");
    expect(claim.attempt).toBeGreaterThan(frozen.claim.attempt);
    expect(await checkHold(claim)).toBe("held");
    expect(await jobNow()).toMatchObject({ phase: "delivering", claims: 1 });
  });
});

describe("a job of more slices than its first entries cover", () => {
  it("gives each entry the next ones in order, and what is left to the entry behind them", async () => {
    const many = await createHistoryAccount("http://127.0.0.1:9");
    await addTrail(many, { name: "all-events" });
    await generateHistory(many, { events: 15_000, days: 85, regions: REGIONS.slice(0, 13) });
    const input = createHistoryJobInputSchema.parse({ trailName: "all-events" });
    const created = await createHistoryJob(many.scope("actiontrail:CreateDeliveryHistoryJob"), input);
    await beginJob(created.jobId);
    const slicesOf = async () => {
      const { rows } = await pool().query<{ entry_id: string | null }>(
        "SELECT entry_id::text FROM delivery_slice WHERE job_id = $1 AND state = 'waiting' ORDER BY day, region",
        [created.jobId],
      );
      return rows.map(({ entry_id }) => entry_id);
    };
    const first = await slicesOf();
    expect(first.length).toBeGreaterThan(1_000);
    const entries = [...new Set(first.slice(0, 1_000))];
    expect(first).toEqual([
      ...entries.flatMap((entry) => Array(250).fill(entry)),
      ...Array(first.length - 1_000).fill(null),
    ]);

    const entry = (await takeEntry(created.jobId)) ?? expect.fail("no entry waits");
    await pool().query("UPDATE delivery_slice SET state = 'stopped', ended_at = now() WHERE entry_id = $1", [entry.id]);
    await settleAfterEntry(entry);
    const left = await slicesOf();
    expect(left.filter((id) => id === null)).toEqual([]);
    expect(new Set(left).size).toBe(4);
  });
});
