import { afterAll, expect, it, onTestFinished } from "vitest";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { addTrail, createHistoryAccount, eventText, recordTexts, SINK_KEY } from "@/testing/history-account.ts";
import { LogServiceStandIn } from "@/testing/log-service-stand-in.ts";
import { takeEntry } from "@/testing/queue-entries.ts";
import { refusal } from "@/testing/treatment.ts";
import { startWatchedJob } from "@/testing/watched-job.ts";
import { deliverEntry } from "./deliver-entry.ts";

afterAll(closeQueue);

async function startJob(sink: LogServiceStandIn, eventIds: readonly string[]): Promise<number> {
  const account = await createHistoryAccount(sink.endpoint);
  await addTrail(account, { name: "all-events" });
  const at = (second: number) => new Date(Date.now() - 48 * 3_600_000 + second * 1_000);
  await recordTexts(
    account,
    eventIds.map((eventId, index) => eventText({ eventTime: at(index), eventId })),
  );
  return (await startWatchedJob(account, "all-events")).jobId;
}

it("makes way for others only with something delivered, or a slow search for a log at fault would begin anew for ever", async () => {
  const sink = await LogServiceStandIn.start({
    key: { region: "cn-hangzhou", accessKeyId: SINK_KEY.id, accessKeySecret: SINK_KEY.secret },
    // The search for the first of sixteen takes five requests: longer than a handler's share.
    answerTo: () => ({ delayMs: 600 }),
    refuses: (log) => (log.event.includes("POISON") ? refusal(400, "InvalidKey", "not that one") : undefined),
  });
  onTestFinished(() => sink.stop());
  const jobId = await startJob(sink, ["A-POISON", ..."BCDEFGHIJKLMNOP"]);
  const entry = await takeEntry(jobId);
  if (entry === null) {
    throw new Error("the job has no entry");
  }
  await startJob(sink, ["WAITS"]);

  await deliverEntry(entry, "test", () => false);
  const { rows } = await pool().query(
    `SELECT s.undeliverable, s.delivered > 0 AS has_delivered, j.phase
     FROM delivery_slice s JOIN delivery_history_job j ON j.id = s.job_id WHERE j.id = $1 AND s.cursor_event_id IS NOT NULL`,
    [jobId],
  );
  expect(rows).toEqual([{ undeliverable: 1, has_delivered: true, phase: "delivering" }]);
});
