import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHistoryJobInputSchema, type HistoryJobDto } from "@/domain/history-job/schema.ts";
import { recordAuditEvents } from "@/server/access/audit.ts";
import { pool, prisma } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { limitHistoryJob } from "@/server/history-job/control.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { closeQueue } from "@/server/queue.ts";
import { answerMemberCall } from "@/server/rpc/member-call.ts";
import { addPerson, findMembership } from "@/testing/console-session.ts";
import { generateHistory } from "@/testing/generated-history.ts";
import { hardCases } from "@/testing/hard-cases.ts";
import {
  addTrail,
  createBuiltInAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { waitUntil } from "@/testing/wait-until.ts";

// The whole way of an event: import, a real worker process, PutLogs over HTTP, the built-in log service in a real api
// process. What the logstore then holds is compared with what was imported, byte for byte.

const TRAIL = "whole-history";
const REBASE_SCRIPT = "../shared/data/rebase.mjs";
const HOUR_MS = 3_600_000;

let api: ProductProcess;
let worker: ProductProcess;
let folder: string;
let workerSettings: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "backtrail-redelivery-"));
  const apiPort = String(await findFreePort());
  workerSettings = { LOG_SERVICE_ENDPOINT: `http://127.0.0.1:${apiPort}` };
  [api, worker] = await Promise.all([
    startProduct("api/main.ts", { API_PORT: apiPort }),
    startProduct("worker/main.ts", workerSettings),
  ]);
});

afterAll(async () => {
  await Promise.all([api?.stop(), worker?.stop()]);
  await closeQueue();
  await rm(folder, { recursive: true, force: true });
});

async function accountWithTrail(): Promise<HistoryAccount> {
  const account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, logstore: true });
  return account;
}

async function start(account: HistoryAccount): Promise<number> {
  const scope = account.scope("actiontrail:CreateDeliveryHistoryJob");
  return (await createHistoryJob(scope, createHistoryJobInputSchema.parse({ trailName: TRAIL }))).jobId;
}

function waitForEnd(account: HistoryAccount, jobId: number, timeoutMs: number): Promise<HistoryJobDto> {
  return waitUntil(`job ${jobId} has ended`, timeoutMs, async () => {
    const { job } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    return job.endedAt === null ? null : job;
  });
}

/** The texts in the account's logstore, sorted. */
async function readLogstore(account: HistoryAccount): Promise<string[]> {
  const { rows } = await pool().query<{ event: string }>(
    `SELECT l.event FROM log l JOIN logstore s ON s.id = l.logstore_id JOIN log_project p ON p.id = s.log_project_id
     WHERE p.account_id = $1`,
    [account.accountId],
  );
  return rows.map((row) => row.event).toSorted();
}

/** Everything but Backtrail's own audit of the account, which is history too. */
function withoutOwnAudit(account: HistoryAccount, texts: readonly string[]): string[] {
  return texts.filter(
    (text) =>
      !(text.includes('"serviceName":"Actiontrail"') && text.includes(`"recipientAccountId":"${account.accountId}"`)),
  );
}

async function importFile(account: HistoryAccount, file: string): Promise<number | null> {
  const child = spawn(
    process.execPath,
    ["-C", "react-server", "--import", "tsx", "scripts/import.ts", file, "--account", account.accountId],
    { stdio: "ignore" },
  );
  const [code] = await once(child, "exit");
  return code;
}

describe("what was imported arrives byte for byte", () => {
  it("with 1,933 real events (generated ones where the shared data is absent)", async () => {
    const account = await accountWithTrail();
    const file = join(folder, "real.ndjson");
    const lines = await realOrGeneratedLines();
    await writeFile(file, `${lines.join("\n")}\n`);
    expect(await importFile(account, file)).toBe(0);

    const job = await waitForEnd(account, await start(account), 60_000);
    expect(job).toMatchObject({ phase: "complete", remaining: 0, undeliverable: 0, gap: 0 });
    expect(withoutOwnAudit(account, await readLogstore(account))).toEqual(lines.toSorted());
  });

  it("with the hard cases", async () => {
    const account = await accountWithTrail();
    const file = join(folder, "hard.ndjson");
    const cases = hardCases(new Date());
    await writeFile(file, cases.map(({ line }) => `${line}\n`).join(""));
    await importFile(account, file);

    const job = await waitForEnd(account, await start(account), 120_000);
    expect(job).toMatchObject({ phase: "complete", remaining: 0, undeliverable: 0, gap: 0 });
    const wanted = cases.filter(({ outcome }) => outcome === "recorded").map(({ line }) => line);
    const arrived = withoutOwnAudit(account, await readLogstore(account));
    expect(arrived.length).toBe(wanted.length);
    // One comparison of two long strings: a diff of 10,000 lines would be no help to anybody.
    expect(arrived.join("\n") === wanted.toSorted().join("\n")).toBe(true);
  });
});

describe("what the audit notes", () => {
  it("is found by its RequestId like any event of the account, and is delivered again with them", async () => {
    const account = await accountWithTrail();
    const { email } = await addPerson(account, "viewer");
    const { id: userId } = await prisma().user.findUniqueOrThrow({ where: { email } });
    const viewer = (await findMembership(userId, null)) ?? expect.unreachable("a member has a place");
    const call = (action: "CreateDeliveryHistoryJob" | "LookupEvents", parameters: Record<string, string>) =>
      answerMemberCall(viewer, { from: "192.0.2.7", host: "localhost:3001" }, { action, parameters, body: "" });

    const { status, requestId } = await call("CreateDeliveryHistoryJob", { TrailName: TRAIL });
    expect(status).toBe(403);
    const where = { accountId: account.accountId, outcome: "refused", requestId };
    const { id } = await prisma().auditEntry.findFirstOrThrow({ where });
    await recordAuditEvents();
    const byId = { "LookupAttribute.1.Key": "EventId", "LookupAttribute.1.Value": id };
    const events = await waitUntil("the refusal is found", 30_000, async () => {
      const { body } = await call("LookupEvents", byId);
      const { Events } = JSON.parse(body) as { Events: object[] };
      return Events.length > 0 && Events;
    });
    const refusal = {
      eventId: id,
      requestId,
      eventName: "CreateDeliveryHistoryJob",
      errorCode: "NoPermission",
      sourceIpAddress: "192.0.2.7",
      userIdentity: { userName: email },
    };
    expect(events).toMatchObject([refusal]);

    const job = await waitForEnd(account, await start(account), 60_000);
    expect(job).toMatchObject({ phase: "complete", remaining: 0 });
    const delivered = (await readLogstore(account)).filter((text) => text.includes(id));
    expect(delivered.map((text) => JSON.parse(text))).toEqual(events);
  });
});

describe("a job created while events are recorded", () => {
  it("delivers exactly what it expects, with 4 writers at work", async () => {
    const account = await accountWithTrail();
    let writing = true;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let round = 0; writing; round++) {
        const eventTime = new Date(Date.now() - (1 + ((writer * 7 + round) % 2_000)) * HOUR_MS);
        await recordTexts(
          account,
          Array.from({ length: 20 }, () => eventText({ eventTime })),
        );
      }
    });
    try {
      for (let round = 0; round < 3; round++) {
        const jobId = await start(account);
        const job = await waitForEnd(account, jobId, 60_000);
        const row = await prisma().deliveryHistoryJob.findUniqueOrThrow({ where: { id: jobId } });
        const { rows } = await pool().query<{ count: number }>(
          `SELECT count(*) FROM event WHERE account_id = $1 AND arrival <= $2 AND event_time >= $3 AND event_time < $4`,
          [account.accountId, row.arrivalMax, row.windowFrom, row.windowTo],
        );
        expect(job).toMatchObject({ phase: "complete", expected: rows[0]?.count, delivered: rows[0]?.count });
      }
    } finally {
      writing = false;
      await Promise.all(writers);
    }
  });
});

describe("a worker that is killed", () => {
  it("costs nothing: the job ends complete and every event is there once", async () => {
    const account = await accountWithTrail();
    const events = 20_000;
    await generateHistory(account, { events, days: 20, regions: ["cn-hangzhou", "cn-shanghai"] });
    const limit = (jobId: number, eventsPerSecondMax: number | null) =>
      limitHistoryJob(account.scope("backtrail:LimitDeliveryHistoryJob"), { jobId, eventsPerSecondMax });

    // The job is found with a ceiling, so that its worker has not done it all by the time it is killed, on whatever machine.
    worker.signal("SIGSTOP");
    const jobId = await start(account);
    await limit(jobId, events / 10);
    worker.signal("SIGCONT");
    await waitUntil("some events are delivered", 60_000, async () => {
      const { job } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
      return job.delivered > events * 0.1;
    });
    await worker.kill();
    const { job: left } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    expect(left.remaining).toBeGreaterThan(0);
    await limit(jobId, null);
    worker = await startProduct("worker/main.ts", workerSettings);

    const job = await waitForEnd(account, jobId, 120_000);
    const { rows } = await pool().query<{ logs: number; identities: number }>(
      `SELECT count(*) AS logs, count(DISTINCT (l.region, l.event_time, l.event_id)) AS identities
       FROM log l WHERE l.job_id = $1`,
      [jobId],
    );
    expect(job).toMatchObject({ phase: "complete", delivered: job.expected, presentAtSink: 0 });
    expect(job.expected).toBeGreaterThanOrEqual(events);
    expect(rows[0]).toEqual({ logs: job.expected, identities: job.expected });
  }, 240_000);
});

async function realOrGeneratedLines(): Promise<string[]> {
  if (!existsSync(REBASE_SCRIPT)) {
    process.stdout.write("The shared data is absent: generated events stand in for the real ones.\n");
    return Array.from({ length: 2_000 }, (_, index) =>
      eventText({ eventTime: new Date(Date.now() - (index + 1) * HOUR_MS) }),
    );
  }
  const child = spawn(process.execPath, [REBASE_SCRIPT], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
  }
  return lines;
}
