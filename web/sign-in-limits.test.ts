import { afterAll, beforeAll, expect, it } from "vitest";
import { addPerson, type Person } from "@/testing/console-session.ts";
import { createBuiltInAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";

/** Web processes are there within seconds; on a machine that does everything at once, later. */
const WEB_START_LIMIT_MS = 240_000;

/** Tries per client address and minute (server/access/sign-in.ts). */
const ADDRESS_TRIES_MAX = 30;

/** To each of the processes more than may be looked at in a minute, and to both together more than in two. */
const TRIES_EACH = 45;

let processes: ProductProcess[];
let bases: readonly [string, string];
let person: Person;

beforeAll(async () => {
  person = await addPerson(await createBuiltInAccount(), "viewer");
  const ports = [await findFreePort(), await findFreePort()] as const;
  bases = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`];
  processes = await Promise.all(
    ports.map((port) => startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production" })),
  );
}, WEB_START_LIMIT_MS);

afterAll(() => Promise.all((processes ?? []).map((web) => web.stop())));

function signIn(base: string, body: Person, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${base}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { origin: base, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

/** What a client says to be somebody else at each try. */
function forged(index: number): Record<string, string> {
  const address = `198.51.100.${index}`;
  return { "x-forwarded-for": address, "x-real-ip": address, forwarded: `for=${address}` };
}

it("one client that says to be many is limited over all web processes together; the real person signs in", async () => {
  const startedAt = performance.now();
  const own = await signIn(bases[0], person);
  expect(own.status).toBe(200);
  const cookie = own.headers.getSetCookie().map((line) => line.split(";")[0]);
  const statuses: number[] = [];
  for (let index = 0; index < TRIES_EACH; index++) {
    const answers = await Promise.all(
      bases.map((base, at) => {
        const wrong = { email: `nobody-${index}-${at}@backtrail.test`, password: "not the password" };
        return signIn(base, wrong, forged(2 * index + at));
      }),
    );
    statuses.push(...answers.map(({ status }) => status));
  }
  const minutes = Math.ceil((performance.now() - startedAt) / 60_000);
  const looked = statuses.filter((status) => status === 401).length;
  expect(statuses.filter((status) => status === 429).length).toBe(2 * TRIES_EACH - looked);
  // The person's own sign-in came from this address, too, before their browser was known.
  expect(looked).toBeGreaterThanOrEqual(ADDRESS_TRIES_MAX - 1);
  expect(looked).toBeLessThan(ADDRESS_TRIES_MAX * minutes);
  expect((await signIn(bases[1], person, { cookie: cookie.join("; ") })).status).toBe(200);
});
