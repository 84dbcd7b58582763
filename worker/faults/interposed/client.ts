import * as real from "@/server/sls/client.ts";
import { comeBy } from "@/worker/faults/boundary.ts";

export * from "@/server/sls/client.ts";

/** Shorter than the product's, so that a test need not wait half a minute for each answer that never comes. */
const { FAULT_TIMEOUT_MS } = process.env;
const timeouts: Pick<Parameters<typeof real.putLogs>[3], "timeouts"> =
  FAULT_TIMEOUT_MS === undefined
    ? {}
    : {
        timeouts: {
          headers: Number(FAULT_TIMEOUT_MS),
          body: Number(FAULT_TIMEOUT_MS),
          total: 2 * Number(FAULT_TIMEOUT_MS),
        },
      };

export const putLogs: typeof real.putLogs = async (target, logstoreName, logGroup, options) => {
  comeBy("encoded", { logstoreName });
  const answer = await real.putLogs(target, logstoreName, logGroup, { ...options, ...timeouts });
  comeBy("answered", { logstoreName });
  return answer;
};
