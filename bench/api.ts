import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import { createAccessKey, type NewAccessKey } from "@/server/access/access-keys.ts";
import { requiredDatabaseUrl } from "@/server/env.ts";
import { createLogstore } from "@/server/log-service/commands.ts";
import { getSlsTarget } from "@/server/log-service/queries.ts";
import { putLogs } from "@/server/sls/client.ts";
import { LogGroupWriter } from "@/server/sls/log-group.ts";
import { addTrail, createBuiltInAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { send, signV3 } from "@/testing/rpc-requests.ts";
import { readStatements, replay } from "./api-statements.ts";
import { withBenchDatabase } from "./bench-database.ts";
import type { Figure } from "./figure.ts";

const TRAIL = "bench-trail";
const LOGSTORE = "actiontrail_bench-trail";
const REQUESTS_PER_SECOND = 50;
const RATED_REQUESTS = 400;
/** One after the other, API and `pg` by turns, so that both have the same minute of the machine. */
const PAIRED_ROUNDS = 10;
const PAIRED_REQUESTS = 15;
const LOGS_PER_REQUEST = 100;

type Call = { readonly name: string; readonly run: () => Promise<void> };

/**
 * What signed requests take: p95 at 50 a second, and the cost of one beside the statements that it makes, recorded from an api process
 * and sent again through `pg` alone.
 */
export function benchApi(): Promise<readonly Figure[]> {
  return withBenchDatabase(async (folder) => {
    const address = `127.0.0.1:${await findFreePort()}`;
    const calls = await prepareCalls(address);
    const recordings = await record(address, calls, join(folder, "statements"));
    const figures: Figure[] = [];
    await withApi(address, {}, async () => {
      for (const call of calls) {
        await warmUp(call);
        figures.push(await measureRate(call));
        figures.push(...(await measureCost(call, recordings.get(call.name) ?? [])));
      }
    });
    return figures;
  });
}

async function prepareCalls(address: string): Promise<readonly Call[]> {
  const account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL });
  await createLogstore(account.scope("actiontrail:CreateTrail"), {
    region: "cn-hangzhou",
    project: "history-test",
    logstore: LOGSTORE,
  });
  const key = await createAccessKey(account.scope("backtrail:CreateAccessKey"), {
    policy: SYSTEM_POLICIES.AliyunActionTrailFullAccess,
    policyName: "AliyunActionTrailFullAccess",
  });
  const target = await getSlsTarget(account.scope("actiontrail:CreateDeliveryHistoryJob"), {
    projectRegion: "cn-hangzhou",
    projectName: "history-test",
  });
  if (target === null) {
    throw new Error("the account has no log project");
  }
  const logs = logGroup();
  let jobId = "";
  return [
    {
      name: "create_delivery_history_job",
      // Nothing has been recorded in the account, so each job is complete at once and leaves the slot to the next.
      run: async () => {
        const body = await call(address, key, "CreateDeliveryHistoryJob", { TrailName: TRAIL });
        jobId = String(body.JobId);
      },
    },
    {
      name: "get_delivery_history_job",
      run: async () => {
        await call(address, key, "GetDeliveryHistoryJob", { JobId: jobId });
      },
    },
    {
      name: "put_logs",
      run: async () => {
        const answer = await putLogs({ ...target, endpoint: `http://${address}` }, LOGSTORE, logs, {
          signedAt: new Date(),
          signal: new AbortController().signal,
        });
        if (answer.kind !== "accepted") {
          throw new Error(`PutLogs was answered ${JSON.stringify(answer)}`);
        }
      },
    },
  ];
}

async function call(address: string, key: NewAccessKey, action: string, parameters: Record<string, string>) {
  const { status, body } = await send(address, signV3(key, address, action, { parameters }));
  if (status !== 200) {
    throw new Error(`${action} was answered ${status} ${JSON.stringify(body)}`);
  }
  return body;
}

/** Logs that are no events: they are stored each time they come, so that every request does the same. */
function logGroup(): Uint8Array {
  const writer = new LogGroupWriter({ topic: "bench", source: "bench", tags: [] });
  for (let index = 0; index < LOGS_PER_REQUEST; index++) {
    writer.add({ time: 1_700_000_000, event: Buffer.from(`log ${index} ${randomUUID().repeat(5)}`) });
  }
  return writer.finish();
}

/** The statements of one request of each kind, after one that fills what a process fills once. */
async function record(address: string, calls: readonly Call[], file: string) {
  const recordings = new Map<string, ReturnType<typeof readStatements>>();
  await withApi(address, { BENCH_STATEMENTS: file }, async () => {
    for (const { name, run } of calls) {
      await run();
      rmSync(file, { force: true });
      await run();
      recordings.set(name, readStatements(readFileSync(file, "utf8")));
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

async function warmUp({ run }: Call): Promise<void> {
  for (let index = 0; index < 50; index++) {
    await run();
  }
}

/** From when a request was due, not from when it was sent: a server that is late makes all that come after it late. */
async function measureRate({ name, run }: Call): Promise<Figure> {
  const startedAt = performance.now();
  const latencies = await Promise.all(
    Array.from({ length: RATED_REQUESTS }, async (_, index) => {
      const dueAt = startedAt + (index * 1_000) / REQUESTS_PER_SECOND;
      await delay(Math.max(0, dueAt - performance.now()));
      await run();
      return performance.now() - dueAt;
    }),
  );
  return { name: `${name}_p95`, value: Number(quantile(latencies, 0.95).toFixed(1)), unit: "ms" };
}

async function measureCost({ name, run }: Call, statements: ReturnType<typeof readStatements>): Promise<Figure[]> {
  const client = new Client({ connectionString: requiredDatabaseUrl() });
  await client.connect();
  const [api, alone]: [number[], number[]] = [[], []];
  try {
    for (let round = 0; round < PAIRED_ROUNDS; round++) {
      api.push(...(await timed(run)));
      alone.push(...(await timed(() => replay(client, statements))));
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

async function timed(work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < PAIRED_REQUESTS; index++) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
