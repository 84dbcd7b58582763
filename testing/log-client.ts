import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** A log as the vendor's older Node client sends it; `timestamp` is in seconds. */
type SentLog = { readonly timestamp: number; readonly content: Readonly<Record<string, string>> };

/** As much of the vendor's older Node client as is called here; it has no types of its own. */
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
  /** An empty project leaves the endpoint's host as it is. */
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
export function openLogClient(
  endpoint: string,
  key: { readonly accessKeyId: string; readonly accessKeySecret: string },
): LogClient {
  const Client = require("@alicloud/log");
  return new Client({ accessKeyId: key.accessKeyId, accessKeySecret: key.accessKeySecret, endpoint });
}
