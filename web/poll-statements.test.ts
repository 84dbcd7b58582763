import { NextRequest } from "next/server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { addPerson, createSession } from "@/testing/console-session.ts";
import { createJob, endJob } from "@/testing/ended-job.ts";
import { addTrail, createBuiltInAccount } from "@/testing/history-account.ts";
import { recordHistory } from "@/testing/watched-job.ts";

/** What Next would have of the request. */
const asked = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/headers", () => ({ headers: async () => asked.headers, cookies: async () => new Map() }));

const [slot, list, job, rate] = await Promise.all([
  import("@/app/(console)/slot/data/route.ts"),
  import("@/app/(console)/jobs/data/route.ts"),
  import("@/app/(console)/jobs/[id]/data/route.ts"),
  import("@/app/(console)/jobs/[id]/rate/route.ts"),
]);

const TRAIL = "polled-trail";

let endedId: number;
let runningId: number;

beforeAll(async () => {
  const account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, logstore: true });
  await recordHistory(account, { days: 2, eventsPerSlice: 3 });
  endedId = await createJob(account, TRAIL);
  await endJob(account, endedId, "complete");
  runningId = await createJob(account, TRAIL);
  const cookies = await createSession(await addPerson(account, "viewer"));
  asked.headers = new Headers({ cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") });
});

afterAll(closeQueue);

const parametersOf = (id: number) => ({ params: Promise.resolve({ id: String(id) }) });
const request = (path: string) => new NextRequest(`http://console.test${path}`);

/** Statements that an answer takes, by `pg` and by Prisma, which asks through the same pool. */
async function statementsOf(answer: () => Promise<Response>): Promise<number> {
  const query = vi.spyOn(pool(), "query");
  const { status } = await answer();
  const statements = query.mock.calls.length;
  query.mockRestore();
  expect(status).toBe(200);
  expect(statements).toBeGreaterThan(1);
  return statements;
}

const answers: Readonly<Record<string, () => Promise<Response>>> = {
  "the slot": () => slot.GET(request(`/slot/data?after=${runningId}`)),
  "the list of jobs": () =>
    list.GET(request(`/jobs/data?newest=${runningId}&ids=${runningId},${endedId}&slot=${runningId}`)),
  "a running job": () => job.GET(request(`/jobs/${runningId}/data`), parametersOf(runningId)),
  "a job that has ended": () => job.GET(request(`/jobs/${endedId}/data`), parametersOf(endedId)),
  "the rate of a job": () => rate.GET(request(`/jobs/${runningId}/rate`), parametersOf(runningId)),
};

// The price of an answer is mostly that of its statements, each of which goes out over a socket and comes back. One of them is the gate's.
describe("an answer that open consoles ask for again and again", () => {
  it.each([
    ["the slot", 5],
    ["the list of jobs", 8],
    ["a running job", 7],
    ["a job that has ended", 6],
    ["the rate of a job", 3],
  ])("about %s takes %i statements at most", async (name, most) => {
    expect(await statementsOf(answers[name] ?? expect.unreachable())).toBeLessThanOrEqual(most);
  });
});
