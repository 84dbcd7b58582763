import dns from "node:dns";
import { createRequire } from "node:module";
import type SlsClient from "@alicloud/sls20201230";
import { vi } from "vitest";
import { type LogClient, openLogClient } from "./log-client.ts";

const require = createRequire(import.meta.url);

/** Where a client of the vendor's finds its log service, and the key it signs with. */
export type SlsClientTarget = { readonly port: number; readonly accessKeyId: string; readonly accessKeySecret: string };

/** The vendor's older client, which finds every project on this machine. */
export function createLogClient({ port, ...key }: SlsClientTarget): LogClient {
  return openLogClient(`http://${HOST}:${port}`, key);
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
