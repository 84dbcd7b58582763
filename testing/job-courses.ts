import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { pool } from "@/server/db.ts";
import { checkDelivery } from "./delivery-check.ts";
import {
  type JobCommand,
  type JobOrder,
  ORDER_TOKEN,
  ORDERED_TRAIL,
  type PreparedOrder,
  prepareOrder,
  sayOrder,
} from "./job-orders.ts";
import type { LogServiceStandIn } from "./log-service-stand-in.ts";
import { startWatchedJob, type WatchedJob, waitForJobs } from "./watched-job.ts";

/** All that commands change in an account: its jobs with their slices, queue entries and samples, and what the audit has of commands. */
type AccountFacts = { readonly jobs: readonly object[]; readonly audit: readonly object[] };

/** What an account looks like before an order was said, once it was, and when it was said a second time. */
type Course = {
  readonly unsaid: AccountFacts;
  readonly said: AccountFacts;
  readonly saidAgain: AccountFacts;
};

/** Instants are there or not: which they are differs from job to job. An entry in the audit has its way into history beside it. */
async function readFacts(accountId: string): Promise<AccountFacts> {
  const { rows } = await pool().query<AccountFacts>(
    `SELECT coalesce((
       SELECT jsonb_agg(jsonb_build_object(
         'phase', j.phase, 'status', j.status, 'run', j.run, 'endsAs', j.ends_as, 'failure', j.failure_code,
         'ceiling', j.events_per_second_max, 'isPaused', j.paused_at IS NOT NULL, 'isCancelled', j.cancelled_by IS NOT NULL,
         'isDeleted', j.deleted_at IS NOT NULL, 'isStarted', j.started_at IS NOT NULL, 'isEnded', j.ended_at IS NOT NULL,
         'counts', jsonb_build_array(j.expected, j.delivered, j.undeliverable, j.gap),
         'slices', (
           SELECT jsonb_agg(jsonb_build_object(
             'expected', s.expected, 'state', s.state, 'attempt', s.attempt, 'failure', s.failure_code,
             'isEnded', s.ended_at IS NOT NULL, 'entry', (SELECT e.state FROM pgboss.job e WHERE e.id = s.entry_id)
           ) ORDER BY s.day, s.region)
           FROM delivery_slice s WHERE s.job_id = j.id
         ),
         'entries', (
           SELECT jsonb_agg(e.name || ' ' || e.state ORDER BY e.name, e.state)
           FROM pgboss.job e WHERE (e.data->>'jobId')::int = j.id
         ),
         'lastSample', (SELECT jsonb_build_array(run, is_pause) FROM job_sample WHERE job_id = j.id ORDER BY at DESC LIMIT 1),
         'verifications', (SELECT count(*) FROM job_verification v WHERE v.job_id = j.id)
       ) ORDER BY j.id)
       FROM delivery_history_job j WHERE j.account_id = $1
     ), '[]') AS jobs, coalesce((
       SELECT jsonb_agg(jsonb_build_object(
         'action', a.action, 'error', a.error_code, 'isRepeated', a.details->'repeated',
         'isOnItsWay', EXISTS (SELECT FROM audit_outbox o WHERE o.audit_entry_id = a.id)
       ) ORDER BY a.action, a.error_code, a.details->'repeated')
       FROM audit_entry a WHERE a.account_id = $1 AND a.action LIKE '%DeliveryHistoryJob'
     ), '[]') AS audit`,
    [accountId],
  );
  const [facts] = rows;
  if (facts === undefined) {
    throw new Error("a query without a row");
  }
  return facts;
}

/** The course of each of these commands, learnt from an order that nothing disturbs. */
export async function learnCourses(
  commands: readonly JobCommand[],
  endpoint: string,
): Promise<ReadonlyMap<JobCommand, Course>> {
  return new Map(
    await Promise.all(commands.map(async (command) => [command, await learnCourse(command, endpoint)] as const)),
  );
}

async function learnCourse(command: JobCommand, endpoint: string): Promise<Course> {
  const { order } = await prepareOrder(command, endpoint);
  const { accountId } = order;
  const unsaid = await readFacts(accountId);
  expect(await sayOrder(order)).toBe("done");
  const said = await readFacts(accountId);
  expect(said.jobs, `${command} changes something`).not.toEqual(unsaid.jobs);
  expect(said.audit, `${command} is in the audit`).toHaveLength(unsaid.audit.length + 1);
  await sayOrder(order);
  const saidAgain = await readFacts(accountId);
  expect(saidAgain.jobs, `${command} does nothing a second time`).toEqual(said.jobs);
  return { unsaid, said, saidAgain };
}

/** Whether each of these orders was carried out, with all that belongs to it. */
export async function areDone(orders: readonly JobOrder[], courses: ReadonlyMap<JobCommand, Course>): Promise<boolean> {
  const facts = await Promise.all(orders.map(({ accountId }) => readFacts(accountId)));
  return orders.every(({ command }, index) => isDeepStrictEqual(facts[index], courses.get(command)?.said));
}

/**
 * Fails the test unless an order whose process has died is carried out wholly or not at all.
 * @param left as which it has to be left, where that is certain
 * @returns which of both
 */
export async function checkLeft(
  { command, accountId }: JobOrder,
  courses: ReadonlyMap<JobCommand, Course>,
  left: "unsaid" | "said" | "either",
): Promise<"unsaid" | "said"> {
  const course = courseOf(command, courses);
  const facts = await readFacts(accountId);
  const found = left === "either" ? (isDeepStrictEqual(facts, course.unsaid) ? "unsaid" : "said") : left;
  expect(facts, `${command}, whose process was killed: ${left}`).toEqual(course[found]);
  return found;
}

/** Fails the test unless an order has done what it asks for once, however often it was said. */
export async function checkDone(
  { command, accountId }: JobOrder,
  courses: ReadonlyMap<JobCommand, Course>,
  times: "said" | "saidAgain",
): Promise<void> {
  expect(await readFacts(accountId), `${command}, ${times}`).toEqual(courseOf(command, courses)[times]);
}

/**
 * Fails the test unless, with a worker at work, the job of each order that is done ends as it should: all delivered once, or nothing where
 * it was to be stopped.
 */
export async function checkEnds(
  prepared: readonly PreparedOrder[],
  sink: LogServiceStandIn,
  timeoutMs: number,
): Promise<void> {
  const jobs: [JobCommand, WatchedJob][] = [];
  for (const { order, account, job } of prepared) {
    if (order.command === "pause") {
      await sayOrder({ ...order, command: "resume" });
    }
    // A creation that is said once more answers with its job.
    jobs.push([order.command, job ?? (await startWatchedJob(account, ORDERED_TRAIL, ORDER_TOKEN))]);
  }
  await waitForJobs(
    jobs.map(([, job]) => job),
    timeoutMs,
  );
  for (const [command, job] of jobs) {
    const isStopped = command === "cancel" || command === "delete";
    await checkDelivery(job, sink, { phase: isStopped ? "cancelled" : "complete", repeatedBatchesMax: 0 });
  }
}

function courseOf(command: JobCommand, courses: ReadonlyMap<JobCommand, Course>): Course {
  const course = courses.get(command);
  if (course === undefined) {
    throw new Error(`nobody has learnt the course of ${command}`);
  }
  return course;
}
