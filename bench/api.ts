import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import { AUDIT_EVENT_TOPIC, BATCH_ID_TAG, JOB_ID_TAG } from "@/domain/log-service/log-service.ts";
import { createAccessKey, type NewAccessKey } from "@/server/access/access-keys.ts";
import { prisma } from "@/server/db.ts";
import { requiredDatabaseUrl } from "@/server/env.ts";
import { cancelHistoryJob } from "@/server/history-job/control.ts";
import { getSlsTarget } from "@/server/log-service/queries.ts";
import { putLogs } from "@/server/sls/client.ts";
import { LogGroupWriter } from "@/server/sls/log-group.ts";
import { addTrail, createBuiltInAccount, type HistoryAccount, recordTexts } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { send, signV3 } from "@/testing/rpc-requests.ts";
import { type RecordedStatement, readStatements, replay, withNewKeys } from "./api-statements.ts";
import { withBenchDatabase } from "./bench-database.ts";
import { ecsEventText } from "./event-text.ts";
import type { Figure } from "./figure.ts";
import { asOwner } from "./owner.ts";
import { quantile } from "./quantile.ts";

const TRAIL = "bench-trail";
const LOGSTORE = "actiontrail_bench-trail";
const REQUESTS_PER_SECOND = 50;
const RATED_REQUESTS = 400;
/** One after the other, API and `pg` by turns, so that both have the same minute of the machine. */
const PAIRED_ROUNDS = 10;
const LOGS_PER_REQUEST = 100;
const DAY_MS = 86_400_000;

/** How often each kind of request is made. */
type Counts = { readonly warming: number; readonly rated: number; readonly pairedInRound: number };

type Call = {
  readonly name: string;
  /** @returns the id of the job that it made, if it made one */
  readonly run: () => Promise<number | null>;
  /** Takes back what statements of this call, sent again through `pg`, have left in the way of the next ones. */
  readonly takeBack?: (jobId: number) => Promise<void>;
};

/**
 * What signed requests take: p95 at 50 a second, and the cost of one beside the statements that it makes, recorded from an api process
 * and sent again through `pg` alone.
 * @param requests of each kind at 50 a second; the other counts go along
 */
export function benchApi({
  requests = RATED_REQUESTS,
}: {
  readonly requests?: number | undefined;
}): Promise<readonly Figure[]> {
  const counts = {
    warming: Math.ceil(requests / 8),
    rated: requests,
    pairedInRound: Math.ceil((requests * 15) / RATED_REQUESTS),
  };
  return withBenchDatabase(async (folder) => {
    const address = `127.0.0.1:${await findFreePort()}`;
    const calls = await prepareCalls(address, counts);
    const recordings = await record(address, calls, join(folder, "statements"));
    const figures: Figure[] = [];
    await withApi(address, {}, async () => {
      for (const call of calls) {
        await warmUp(call, counts);
        figures.push(await measureRate(call, counts));
        figures.push(...(await measureCost(call, recordings.get(call.name) ?? NOTHING, counts)));
      }
    });
    return figures;
  });
}

async function prepareCalls(address: string, counts: Counts): Promise<readonly Call[]> {
  // An account has one running job at most, and nobody delivers here: each job is the first of an account of its own.
  await startJobIdsAt(FIRST_JOB_ID);
  const runs = RECORDED_RUNS + counts.warming + counts.rated + PAIRED_ROUNDS * counts.pairedInRound;
  const clients = await prepareClients(runs);
  const fresh = clients.values();
  const [first] = clients;
  if (first === undefined) {
    throw new Error("there is no account");
  }
  const target = await getSlsTarget(first.account.scope("actiontrail:CreateDeliveryHistoryJob"), {
    projectRegion: "cn-hangzhou",
    projectName: "history-test",
  });
  if (target === null) {
    throw new Error("the account has no log project");
  }
  const logs = logGroups(runs, first.account.accountId).values();
  let made = { key: first.key, jobId: 0 };
  return [
    {
      name: "create_delivery_history_job",
      run: async () => {
        const client = fresh.next().value;
        if (client === undefined) {
          throw new Error("more jobs are made than there are accounts");
        }
        const body = await call(address, client.key, "CreateDeliveryHistoryJob", { TrailName: TRAIL });
        made = { key: client.key, jobId: Number(body.JobId) };
        return made.jobId;
      },
      takeBack: async (jobId) => {
        const { accountId } = await prisma().deliveryHistoryJob.findUniqueOrThrow({ where: { id: jobId } });
        const owner = clients.find(({ account }) => account.accountId === accountId);
        if (owner === undefined) {
          throw new Error(`job ${jobId} is nobody's`);
        }
        await cancelHistoryJob(owner.account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId });
      },
    },
    {
      name: "get_delivery_history_job",
      run: async () => {
        await call(address, made.key, "GetDeliveryHistoryJob", { JobId: String(made.jobId) });
        return null;
      },
    },
    {
      name: "put_logs",
      run: async () => {
        const logGroup = logs.next().value;
        if (logGroup === undefined) {
          throw new Error("more logs are sent than there are");
        }
        const answer = await putLogs({ ...target, endpoint: `http://${address}` }, LOGSTORE, logGroup, {
          signedAt: new Date(),
          signal: new AbortController().signal,
        });
        if (answer.kind !== "accepted" || answer.counts?.new !== LOGS_PER_REQUEST) {
          throw new Error(`PutLogs was answered ${JSON.stringify(answer)}`);
        }
        return null;
      },
    },
  ];
}

/** Above all other numbers in statements, so that a job's id can be told from them (bench/api-statements.ts). */
const FIRST_JOB_ID = 1_000_000;

async function startJobIdsAt(id: number): Promise<void> {
  await asOwner((owner) =>
    owner.query("SELECT setval(pg_get_serial_sequence('delivery_history_job', 'id'), $1)", [id]),
  );
}

type ApiClient = { readonly account: HistoryAccount; readonly key: NewAccessKey };

/** Accounts that are set up at a time: as many as there are connections. */
const SET_UP_AT_ONCE = 10;

/** Accounts with a trail, a key, and events of some days: a job of theirs has slices and an entry in the queue. */
async function prepareClients(count: number): Promise<readonly ApiClient[]> {
  const clients: ApiClient[] = [];
  while (clients.length < count) {
    const length = Math.min(SET_UP_AT_ONCE, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length }, prepareClient))));
  }
  return clients;
}

async function prepareClient(): Promise<ApiClient> {
  const account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, logstore: true });
  const days = [1, 2, 3].map((day) => new Date(Date.now() - day * DAY_MS));
  await recordTexts(
    account,
    days.map((eventTime) => ecsEventText(eventTime, account.accountId)),
  );
  const key = await createAccessKey(account.scope("backtrail:CreateAccessKey"), {
    policy: SYSTEM_POLICIES.AliyunActionTrailFullAccess,
  });
  return { account, key };
}

async function call(address: string, key: NewAccessKey, action: string, parameters: Record<string, string>) {
  const { status, body } = await send(address, signV3(key, address, action, { parameters }));
  if (status !== 200) {
    throw new Error(`${action} was answered ${status} ${JSON.stringify(body)}`);
  }
  return body;
}

/**
 * The batches of a history job, as a delivery sends them: events of one region and day in the order of their times, each of which
 * is new to the logstore. Made before anything is timed.
 */
function logGroups(count: number, accountId: string): Uint8Array[] {
  const startOfYesterday = Math.floor(Date.now() / DAY_MS - 1) * DAY_MS;
  const distanceMs = DAY_MS / (count * LOGS_PER_REQUEST);
  return Array.from({ length: count }, (_, batch) => {
    const tags = [
      { key: JOB_ID_TAG, value: String(FIRST_JOB_ID) },
      { key: BATCH_ID_TAG, value: `${FIRST_JOB_ID}-${batch}` },
    ];
    const writer = new LogGroupWriter({ topic: AUDIT_EVENT_TOPIC, source: "backtrail", tags });
    for (let index = 0; index < LOGS_PER_REQUEST; index++) {
      const eventTime = new Date(startOfYesterday + (batch * LOGS_PER_REQUEST + index) * distanceMs);
      const event = Buffer.from(ecsEventText(eventTime, accountId));
      writer.add({ time: Math.floor(eventTime.getTime() / 1_000), event });
    }
    return writer.finish();
  });
}

/** One that fills what a process fills once, and the recorded one. */
const RECORDED_RUNS = 2;

/** What one request has sent to the database, and the job that it made. */
type Recording = { readonly statements: readonly RecordedStatement[]; readonly jobId: number | null };

const NOTHING: Recording = { statements: [], jobId: null };

async function record(address: string, calls: readonly Call[], file: string): Promise<Map<string, Recording>> {
  const recordings = new Map<string, Recording>();
  await withApi(address, { BENCH_STATEMENTS: file }, async () => {
    const takings: (() => Promise<void> | undefined)[] = [];
    for (const { name, run, takeBack } of calls) {
      await run();
      rmSync(file, { force: true });
      const jobId = await run();
      recordings.set(name, { statements: readStatements(readFileSync(file, "utf8")), jobId });
      if (jobId !== null) {
        takings.push(() => takeBack?.(jobId));
      }
    }
    // Not sooner: a job is read while it waits for its turn, as when its reading is measured.
    for (const take of takings) {
      await take();
    }
  });
  return recordings;
}

async function withApi(address: string, settings: Record<string, string>, work: () => Promise<void>): Promise<void> {
  const [, port = ""] = address.split(":");
  const preloads = "BENCH_STATEMENTS" in settings ? ["bench/record-statements.ts"] : [];
  const api: ProductProcess = await startProduct(
    "api/main.ts",
    { API_PORT: port, FLOW_CONTROL: "off", LOG_LEVEL: "warn", ...settings },
    preloads,
  );
  try {
    await work();
  } finally {
    await api.stop();
  }
}

async function warmUp({ run }: Call, { warming }: Counts): Promise<void> {
  for (let index = 0; index < warming; index++) {
    await run();
  }
}

/** From when a request was due, not from when it was sent: a server that is late makes all that come after it late. */
async function measureRate({ name, run }: Call, { rated }: Counts): Promise<Figure> {
  const startedAt = performance.now();
  const latencies = await Promise.all(
    Array.from({ length: rated }, async (_, index) => {
      const dueAt = startedAt + (index * 1_000) / REQUESTS_PER_SECOND;
      await delay(Math.max(0, dueAt - performance.now()));
      await run();
      return performance.now() - dueAt;
    }),
  );
  return { name: `${name}_p95`, value: Number(quantile(latencies, 0.95).toFixed(1)), unit: "ms" };
}

async function measureCost(
  { name, run, takeBack }: Call,
  { statements, jobId }: Recording,
  { pairedInRound }: Counts,
): Promise<Figure[]> {
  const client = new Client({ connectionString: requiredDatabaseUrl() });
  await client.connect();
  const [api, alone]: [number[], number[]] = [[], []];
  try {
    for (let round = 0; round < PAIRED_ROUNDS; round++) {
      for (let index = 0; index < pairedInRound; index++) {
        api.push((await timed(run)).ms);
      }
      for (let index = 0; index < pairedInRound; index++) {
        const renewed = withNewKeys(statements);
        const { ms, result } = await timed(() => replay(client, renewed, jobId));
        alone.push(ms);
        if (result !== null) {
          await takeBack?.(result);
        }
      }
    }
  } finally {
    await client.end();
  }
  const [costApi, costAlone] = [quantile(api, 0.5), quantile(alone, 0.5)];
  return [
    { name: `${name}_statements`, value: statements.length, unit: "statements" },
    { name: `${name}_cost`, value: Number(costApi.toFixed(2)), unit: "ms" },
    { name: `${name}_cost_pg_alone`, value: Number(costAlone.toFixed(2)), unit: "ms" },
    { name: `${name}_times_pg`, value: Number((costApi / costAlone).toFixed(2)), unit: "times" },
  ];
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ readonly ms: number; readonly result: Result }> {
  const startedAt = performance.now();
  const result = await work();
  return { ms: performance.now() - startedAt, result };
}
