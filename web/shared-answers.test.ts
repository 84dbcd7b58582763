import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { prisma } from "@/server/db.ts";
import { addPerson, createSession } from "@/testing/console-session.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { SharedAnswers } from "./shared-answers.ts";

/** What stands for Next: it says who asked, and how often anybody did. */
let answerPage: (request: IncomingMessage, response: ServerResponse) => void;
let asked: number;
/** Requests of clients, whoever answers them. */
let came: number;
let server: Server;
let shared: SharedAnswers;
let account: HistoryAccount;

beforeEach(async () => {
  asked = 0;
  came = 0;
  answerPage = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json", etag: '"one"' }).end(`{"asked":${asked}}`);
  };
  server = createServer(async (request, response) => {
    if (!shared.isOwn(request)) {
      came++;
      if (await shared.answer(request, response)) {
        return;
      }
    }
    asked++;
    answerPage(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  shared = new SharedAnswers("127.0.0.1", (server.address() as AddressInfo).port, false);
  account = await createBuiltInAccount();
});

afterEach(async () => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function signIn(role: "viewer" | "operator", where = account): Promise<string> {
  const cookies = await createSession(await addPerson(where, role));
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

function poll(cookie: string, headers: Record<string, string> = {}, path = "/slot/data"): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie, ...headers } });
}

/** Two people whose cookies Next has accepted. */
async function known(...cookies: string[]): Promise<void> {
  for (const cookie of cookies) {
    await poll(cookie);
  }
  asked = 0;
  came = 0;
}

/** Lets Next answer when so many requests have come, and no sooner. */
function holdUntilCame(count: number): void {
  answerPage = async (_request, response) => {
    const text = `{"asked":${asked}}`;
    await vi.waitUntil(() => came >= count, { timeout: 60_000 });
    response.end(text);
  };
}

async function textsOf(answers: readonly Promise<Response>[]): Promise<Set<string>> {
  return new Set(await Promise.all(answers.map(async (answer) => (await answer).text())));
}

describe("an answer that many consoles ask for", () => {
  it.each(["/slot/data", "/slot/data?after=7", "/jobs/data?newest=7&ids=7,6", "/jobs/7/data", "/jobs/7/rate"])(
    "is made once for all who ask for %s at the same time",
    async (path) => {
      const cookies = [await signIn("viewer"), await signIn("viewer")];
      await known(...cookies);
      holdUntilCame(50);
      const answers = Array.from({ length: 50 }, (_, index) => poll(cookies[index % 2] ?? "", {}, path));
      expect(await textsOf(answers)).toEqual(new Set(['{"asked":1}']));
      expect(asked).toBe(1);
    },
  );

  it("is made for each who asks for what is not polled", async () => {
    const cookie = await signIn("viewer");
    await known(cookie);
    await Promise.all(
      ["/jobs/list", "/jobs/7", "/jobs/7/rates"].flatMap((path) => [poll(cookie, {}, path), poll(cookie, {}, path)]),
    );
    expect(asked).toBe(6);
  });

  it("is made once for all who come while it is made, however long that takes", async () => {
    const cookies = [await signIn("viewer"), await signIn("viewer")];
    await known(...cookies);
    holdUntilCame(22);
    const early = cookies.map((cookie) => poll(cookie));
    // Longer than an answer serves that is there.
    await setTimeout(1_500);
    const late = Array.from({ length: 20 }, (_, index) => poll(cookies[index % 2] ?? ""));
    expect(await textsOf([...early, ...late])).toEqual(new Set(['{"asked":1}']));
    expect(asked).toBe(1);
  });

  it("is made anew once it is older than a second, and once for all who ask then", async () => {
    const cookie = await signIn("viewer");
    await known(cookie);
    await poll(cookie);
    await setTimeout(1_100);
    holdUntilCame(1 + 20);
    expect(await textsOf(Array.from({ length: 20 }, () => poll(cookie)))).toEqual(new Set(['{"asked":2}']));
    expect(asked).toBe(2);
  });

  it("serves for five seconds when it is the rate of a job, and for nobody who knows of another run or of its end", async () => {
    const cookie = await signIn("viewer");
    await known(cookie);
    const shift = (ms: number) => {
      const present = performance.now();
      vi.spyOn(performance, "now").mockReturnValue(present + ms);
    };
    const path = (run: number, isRunning: boolean) => `/jobs/7/rate?run=${run}&started=then&running=${isRunning}`;
    await poll(cookie, {}, path(1, true));
    shift(4_000);
    await poll(cookie, {}, path(1, true));
    expect(asked).toBe(1);
    await poll(cookie, {}, path(1, false));
    await poll(cookie, {}, path(2, true));
    expect(asked).toBe(3);
    shift(1_500);
    await poll(cookie, {}, path(1, true));
    expect(asked).toBe(4);
  });

  it("is made anew for who has just done something, and for those who ask after them", async () => {
    const cookies = [await signIn("viewer"), await signIn("viewer")];
    await known(...cookies);
    await poll(cookies[0] ?? "");
    holdUntilCame(3);
    const anew = poll(cookies[0] ?? "", { "x-answer-anew": "1" });
    await vi.waitUntil(() => asked === 2, { timeout: 60_000 });
    expect(await textsOf([anew, poll(cookies[1] ?? "")])).toEqual(new Set(['{"asked":2}']));
  });

  it("is not sent again to who has it", async () => {
    const cookie = await signIn("viewer");
    await known(cookie);
    const answer = await poll(cookie, { "if-none-match": '"one"' });
    expect([answer.status, await answer.text()]).toEqual([304, ""]);
    expect((await poll(cookie, { "if-none-match": '"other"' })).status).toBe(200);
  });

  it("goes to nobody of another account or another role", async () => {
    const own = await signIn("viewer");
    const others = [await signIn("operator"), await signIn("viewer", await createBuiltInAccount())];
    await known(own, ...others);
    for (const cookie of [own, ...others]) {
      await poll(cookie);
    }
    expect(asked).toBe(3);
  });

  it("is asked of Next for the account that it is kept for, whatever else a client's cookies name", async () => {
    const elsewhere = await createBuiltInAccount();
    const [own, others] = [await signIn("viewer"), await signIn("viewer", elsewhere)];
    await known(own, others);
    const { accountId } = account;
    const seen: unknown[] = [];
    answerPage = ({ headers }, response) => {
      seen.push(headers.cookie);
      response.end();
    };
    const two = `account=${accountId}; account=${elsewhere.accountId}`;
    await poll(`${own}; ${two}; x;account=${elsewhere.accountId}; ${others}`, { "x-answer-anew": "1" });
    const session = own.split("; ").find((pair) => pair.includes("session_token="));
    expect(seen).toEqual([`${session}; account=${accountId}`]);
  });

  it("goes to nobody whose session has ended or whose place is gone, from the next request on", async () => {
    const [kept, ended, removed] = [await signIn("viewer"), await signIn("viewer"), await signIn("viewer")];
    await known(kept, ended, removed);
    await poll(kept);
    const tokenOf = (cookie: string) => decodeURIComponent(/session_token=([^;.]+)/.exec(cookie)?.[1] ?? "");
    await prisma().session.delete({ where: { token: tokenOf(ended) } });
    const { userId } = await prisma().session.findUniqueOrThrow({ where: { token: tokenOf(removed) } });
    await prisma().membership.deleteMany({ where: { userId } });
    answerPage = ({ headers }, response) => response.writeHead(headers.cookie === kept ? 200 : 401).end();
    expect((await poll(ended)).status).toBe(401);
    expect((await poll(removed)).status).toBe(401);
    expect((await poll(kept)).status).toBe(200);
  });

  it("goes to no cookie that Next has not accepted itself, whatever token it holds", async () => {
    const cookie = await signIn("viewer");
    await known(cookie);
    await poll(cookie);
    answerPage = (_request, response) => response.writeHead(401).end();
    expect((await poll(cookie.replace(/(session_token=[^;.]+)\.[^;]*/, "$1.forged"))).status).toBe(401);
  });

  it("is made for one alone when it is a refusal or brings a cookie", async () => {
    const cookies = [await signIn("viewer"), await signIn("viewer")];
    await known(...cookies);
    answerPage = (_request, response) => response.writeHead(200, { "set-cookie": "a=b" }).end();
    await Promise.all(cookies.map((cookie) => poll(cookie)));
    answerPage = (_request, response) => response.writeHead(503).end();
    await poll(cookies[0] ?? "");
    expect((await poll(cookies[1] ?? "")).status).toBe(503);
    expect(asked).toBe(4);
  });

  it("tells Next whose it is, and takes no client's word that a request is its own", async () => {
    const cookie = await signIn("viewer");
    const seen: unknown[] = [];
    answerPage = (request, response) => {
      seen.push(request.headers["x-forwarded-for"], shared.isOwn(request));
      response.end();
    };
    await poll(cookie, { "x-forwarded-for": "203.0.113.7", "x-own-request": "guessed" });
    expect([...seen, came]).toEqual(["203.0.113.7", true, 1]);
  });
});
