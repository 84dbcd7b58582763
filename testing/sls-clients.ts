import dns from "node:dns";
import { createRequire } from "node:module";
import type SlsClient from "@alicloud/sls20201230";
import { vi } from "vitest";

const require = createRequire(import.meta.url);

/** Where a client of the vendor's finds its log service, and the key it signs with. */
export type SlsClientTarget = { readonly port: number; readonly accessKeyId: string; readonly accessKeySecret: string };

/** A log as the vendor's older Node client sends it. */
type SentLog = { readonly timestamp: number; readonly content: Readonly<Record<string, string>> };

/** As much of the vendor's older Node client as the tests call; it has no types of its own. */
export type LogClient = {
  listLogStore(project: string, data?: object): Promise<{ logstores: string[]; count: number; total: number }>;
  getLogStore(project: string, logstore: string): Promise<{ logstoreName: string; shardCount: number }>;
  createLogStore(project: string, logstore: string, data?: object): Promise<unknown>;
  getLogs(
    project: string,
    logstore: string,
    from: Date,
    to: Date,
    data?: Readonly<Record<string, string | number | boolean>>,
  ): Promise<Record<string, string>[]>;
  postLogStoreLogs(
    project: string,
    logstore: string,
    data: {
      readonly logs: readonly SentLog[];
      readonly topic?: string;
      readonly source?: string;
      readonly tags?: object[];
    },
  ): Promise<unknown>;
};

/** The vendor's older client, `@alicloud/log`: signature version 1 with HMAC-SHA1. */
export function createLogClient({ port, accessKeyId, accessKeySecret }: SlsClientTarget): LogClient {
  const Client = require("@alicloud/log");
  return new Client({ accessKeyId, accessKeySecret, endpoint: `http://${HOST}:${port}` });
}

/** The vendor's client of today, `@alicloud/sls20201230`: signature version 1 with HMAC-SHA256, or 4. */
export function createSlsClient(
  { port, accessKeyId, accessKeySecret }: SlsClientTarget,
  signatureVersion: "v1" | "v4",
): SlsClient {
  const { default: Client } = require("@alicloud/sls20201230");
  return new Client({
    accessKeyId,
    accessKeySecret,
    endpoint: `${HOST}:${port}`,
    protocol: "http",
    regionId: "cn-hangzhou",
    signatureVersion,
  });
}

const HOST = "log-service.test";

/** Lets the clients, which put the project into the host name, find every project on this machine. */
export function resolveProjectsHere(): void {
  const lookup = dns.lookup;
  vi.spyOn(dns, "lookup").mockImplementation(((host: string, ...rest: [never, never]) =>
    lookup(host.endsWith(HOST) ? "127.0.0.1" : host, ...rest)) as typeof dns.lookup);
}
