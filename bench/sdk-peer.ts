import { Client } from "pg";
import { AUDIT_EVENT_TOPIC, EVENT_CONTENT_KEY } from "@/domain/log-service/log-service.ts";
import { SINK_KEY } from "@/testing/history-account.ts";
import { openLogClient } from "@/testing/log-client.ts";
import type { SdkPeerTask } from "./sdk.ts";

// What a user would write instead, in a process of its own: reads history page by page behind the last key, and sends each page with the
// vendor's client. No page is read while another is sent, nothing is compressed, nothing is remembered.

const { accountId, regions, from, to, endpoint, logstore, pageLogs, events }: SdkPeerTask = JSON.parse(
  process.argv[2] ?? "",
);
const database = new Client({ connectionString: process.env.DATABASE_URL });
await database.connect();
const sls = openLogClient(endpoint, { accessKeyId: SINK_KEY.id, accessKeySecret: SINK_KEY.secret });

const begunAt = performance.now();
let sent = 0;
for (const region of regions) {
  let after: { readonly time: Date | string; readonly id: string } = { time: from, id: "" };
  while (sent < events) {
    const { rows } = await database.query<{ event_time: Date; event_id: string; body: string }>(
      `SELECT event_time, event_id, body FROM event
       WHERE account_id = $1 AND region = $2 AND event_time >= $3 AND event_time < $4 AND (event_time, event_id) > ($3, $5)
       ORDER BY event_time, event_id LIMIT $6`,
      [accountId, region, after.time, to, after.id, Math.min(pageLogs, events - sent)],
    );
    const last = rows.at(-1);
    if (last === undefined) {
      break;
    }
    await sls.postLogStoreLogs("", logstore, {
      topic: AUDIT_EVENT_TOPIC,
      source: "script",
      logs: rows.map(({ event_time, body }) => ({
        timestamp: Math.floor(event_time.getTime() / 1_000),
        content: { [EVENT_CONTENT_KEY]: body },
      })),
    });
    sent += rows.length;
    after = { time: last.event_time, id: last.event_id };
  }
}
const seconds = (performance.now() - begunAt) / 1_000;
await database.end();
process.send?.({ sent, seconds });
