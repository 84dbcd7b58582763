import { afterAll, describe, expect, it } from "vitest";
import type { NewAccessKey } from "@/server/access/access-keys.ts";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { addAccessKey } from "@/testing/api-clients.ts";
import { FaultProxy } from "@/testing/fault-proxy.ts";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import { areDone, checkDone, checkEnds, checkLeft, learnCourses } from "@/testing/job-courses.ts";
import {
  type JobCommand,
  type JobOrder,
  ORDER_TOKEN,
  ORDERED_TRAIL,
  type PreparedOrder,
  prepareOrder,
} from "@/testing/job-orders.ts";
import { KILL_POINTS, killAt, leftAt, type Victim } from "@/testing/kill-point.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { type RawAnswer, send, signV3 } from "@/testing/rpc-requests.ts";
import { startSink } from "@/worker/faults/fault-sink.ts";
import { startFaultWorker } from "@/worker/faults/fault-worker.ts";
import { ENDS_MS, report } from "@/worker/faults/figures.ts";

/** In short, twenty with those of killed-api.test.ts. */
const KILLS = inForm({ short: 15, full: 200 });

/** api takes a second to start, and many on a machine that is busy with other tests. */
const KILL_MS_MAX = 20_000;

/** All jobs are delivered in the end, a few small ones for each kill. */
const END_MS_MAX = ENDS_MS + KILLS * 2_000;

/** What clients of the API may ask of jobs; all at once, and for each an account of its own. */
const COMMANDS = ["create", "delete", "create", "delete"] as const;

const started: ProductProcess[] = [];

afterAll(async () => {
  await Promise.all(started.map((api) => api.kill()));
  await closeQueue();
});

describe("api, killed while clients create and delete jobs", () => {
  it(`${KILLS} times, makes one whole job of each token and deletes each job once, for clients who ask until they are answered`, {
    timeout: KILLS * KILL_MS_MAX + END_MS_MAX,
  }, async () => {
    const random = randomFor("calls");
    const sink = await startSink();
    const courses = await learnCourses(["create", "delete"], sink.endpoint);
    const prepared: PreparedOrder[] = [];
    const found = { unsaid: 0, said: 0 };
    let wholeMs = 0;
    let api = await startApi(0);
    for (let kill = 0; kill < KILLS; kill++) {
      const point = KILL_POINTS[kill % KILL_POINTS.length] ?? "moment";
      // The next one starts while this one dies, and answers nobody before it was seen what this one has left.
      const starting = startApi(kill + 1);
      const next = Promise.withResolvers<Api>();
      const clients = await Promise.all(COMMANDS.map((command) => prepareClient(command, sink.endpoint)));
      prepared.push(...clients);
      const orders = clients.map(({ order }) => order);
      let calls: Promise<Called>[] = [];
      const ms = await killAt({ point, momentMs: random.next() * wholeMs }, api, COMMANDS, {
        begin: () => {
          api.isMute = point === "behind";
          calls = clients.map((client) => callUntilAnswered(client, api, next.promise));
        },
        areDone: () => areDone(orders, courses),
      });
      wholeMs = point === "behind" ? ms : wholeMs;
      const left = await Promise.all(orders.map((order) => checkLeft(order, courses, leftAt(point, order.command))));
      api = await starting;
      next.resolve(api);
      for (const [index, { answer, isRepeated }] of (await Promise.all(calls)).entries()) {
        const order = orders[index];
        if (order !== undefined) {
          const isDoneBefore = isRepeated && left[index] === "said";
          await checkAnswer(order, answer, isDoneBefore);
          await checkDone(order, courses, isDoneBefore ? "saidAgain" : "said");
        }
      }
      for (const each of left) {
        found[each]++;
      }
    }
    await api.kill();

    const worker = await startFaultWorker();
    await checkEnds(prepared, sink, END_MS_MAX);
    await worker.stop();
    report("killed calls", { kills: KILLS, undone: found.unsaid, whole: found.said });
  });
});

type Client = PreparedOrder & { readonly key: NewAccessKey };

async function prepareClient(command: JobCommand, endpoint: string): Promise<Client> {
  const prepared = await prepareOrder(command, endpoint);
  return { ...prepared, key: await addAccessKey(prepared.account) };
}

type Api = Victim & {
  /** Host and port of what stands before it. */
  readonly address: string;
  /** Whether its answers get lost on their way. */
  isMute: boolean;
};

async function startApi(index: number): Promise<Api> {
  const name = `api-${index}`;
  const port = await findFreePort();
  const process = await startProduct("api/main.ts", { API_PORT: String(port), FLOW_CONTROL: "off", PGAPPNAME: name });
  started.push(process);
  const proxy = await FaultProxy.start(port, async (direction, piece) => {
    if (direction === "to-server" || !api.isMute) {
      return piece.length;
    }
    await process.ended;
    return 0;
  });
  const api: Api = {
    name,
    address: `127.0.0.1:${proxy.port}`,
    isMute: false,
    kill: async () => {
      await process.kill();
      await proxy.stop();
    },
  };
  return api;
}

type Called = { readonly answer: RawAnswer; readonly isRepeated: boolean };

/** Whoever loses the answer asks the next process the same, under the same token. */
async function callUntilAnswered(
  { order: { command, jobId }, key }: Client,
  api: Api,
  next: Promise<Api>,
): Promise<Called> {
  const ask = ({ address }: Api) =>
    command === "create"
      ? send(
          address,
          signV3(key, address, "CreateDeliveryHistoryJob", {
            parameters: { TrailName: ORDERED_TRAIL, ClientToken: ORDER_TOKEN },
          }),
        )
      : send(address, signV3(key, address, "DeleteDeliveryHistoryJob", { parameters: { JobId: String(jobId) } }));
  const answer = await ask(api).catch(() => null);
  return answer === null ? { answer: await ask(await next), isRepeated: true } : { answer, isRepeated: false };
}

/** Who asks once more gets the same job again; what is deleted is not there. */
async function checkAnswer(
  { command, accountId }: JobOrder,
  { status, body }: RawAnswer,
  isDoneBefore: boolean,
): Promise<void> {
  if (command === "create") {
    const { rows } = await pool().query<{ JobId: number }>(
      'SELECT id AS "JobId" FROM delivery_history_job WHERE account_id = $1',
      [accountId],
    );
    expect(rows).toEqual([{ JobId: body.JobId }]);
  } else if (isDoneBefore) {
    expect([status, body.Code]).toEqual([404, "DeliveryHistoryJobNotFound"]);
  } else {
    expect(status).toBe(200);
  }
}
