import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { closeDatabase } from "@/server/db.ts";
import { provideSettings } from "@/server/env.ts";
import { migrate } from "@/server/postgres/migrate.ts";
import { closeQueue } from "@/server/queue.ts";
import { makeFastFolder } from "@/testing/fast-folder.ts";
import { APIS, WEBS, WORKERS } from "@/testing/fault-run.ts";
import { PostgresServer } from "@/testing/postgres-server.ts";
import { findFreePort, startProduct } from "@/testing/product-process.ts";

export type DatabaseProduct = {
  readonly server: PostgresServer;
  readonly webUrls: readonly string[];
  readonly apiUrls: readonly string[];
  /** What has ended since the start, though nobody asked it to. */
  ended(): readonly string[];
  /** Stops everything and removes the data. */
  close(): Promise<void>;
};

export type DatabaseProductOptions = {
  /** For how long the server is away when the processes start. */
  readonly awayMs?: number;
  /** The size of the disk that the server has for itself. */
  readonly diskBytes?: number;
};

/** Up to seven processes, each of which loads the whole product, on a machine that may be busy with other tests. */
const START_LIMIT_MS = 300_000;
const STOP_LIMIT_MS = 60_000;

/**
 * Web, api and worker processes over a PostgreSQL of their own, for all tests of a file or group. The test's own process uses the same
 * database. @returns how a test gets at them
 */
export function provideDatabaseProduct(options: DatabaseProductOptions = {}): () => DatabaseProduct {
  let started: Promise<DatabaseProduct> | undefined;
  let product: DatabaseProduct | undefined;
  beforeAll(async () => {
    started = startDatabaseProduct(options);
    product = await started;
  }, START_LIMIT_MS);
  // Also when it was not there in time.
  afterAll(async () => (await started)?.close(), START_LIMIT_MS + STOP_LIMIT_MS);
  return () => {
    if (product === undefined) {
      throw new Error("the product has not started");
    }
    return product;
  };
}

async function startDatabaseProduct({ awayMs = 0, diskBytes }: DatabaseProductOptions): Promise<DatabaseProduct> {
  if (!existsSync(".next/BUILD_ID")) {
    throw new Error("The console is not built, and these tests ask it: run `npm run build` first.");
  }
  const folder = makeFastFolder("backtrail-fault-");
  const server = await PostgresServer.create({ folder, ...(diskBytes === undefined ? {} : { diskBytes }) });
  await migrate(server.ownerUrl, server.applicationUrl);
  provideSettings({ DATABASE_URL: server.applicationUrl, MIGRATION_DATABASE_URL: server.ownerUrl });
  if (awayMs > 0) {
    await server.kill("SIGQUIT");
  }
  const ports = await Promise.all(Array.from({ length: WEBS + APIS }, findFreePort));
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const [webUrls, apiUrls] = [urls.slice(0, WEBS), urls.slice(WEBS)];
  const starting = Promise.all([
    ...ports.slice(0, WEBS).map((port) => startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production" })),
    ...ports.slice(WEBS).map((port) => startProduct("api/main.ts", { API_PORT: String(port) })),
    ...Array.from({ length: WORKERS }, (_, index) =>
      startProduct("worker/main.ts", { LOG_SERVICE_ENDPOINT: apiUrls[index % APIS] ?? "" }, [
        "worker/faults/interpose.ts",
      ]),
    ),
  ]);
  if (awayMs > 0) {
    await delay(awayMs);
    await server.start();
  }
  const processes = await starting;
  const ended: string[] = [];
  for (const [index, { ended: end }] of processes.entries()) {
    const name = index < WEBS ? "web" : index < WEBS + APIS ? "api" : "worker";
    void end.then((signal) => ended.push(`${name} (${signal ?? "by itself"})`));
  }
  return {
    server,
    webUrls,
    apiUrls,
    ended: () => [...ended],
    close: async () => {
      await closeQueue();
      await Promise.all(processes.map((process) => process.stop()));
      await closeDatabase();
      await server.remove();
    },
  };
}
