import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { Agent, request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogProjectInputSchema } from "@/domain/log-service/schema.ts";
import { env, provideSettings } from "@/server/env.ts";
import { testLogProject } from "@/server/log-service/connection-test.ts";
import { createExternalLogProject } from "@/server/log-service/project-commands.ts";
import { createBuiltInAccount } from "@/testing/history-account.ts";
import { checkedConnector, type Lookup } from "./checked-connector.ts";

/** What a person outside of this machine should not reach: on loopback of both families, and on all addresses. */
const INSIDE = ["127.0.0.1", "127.0.0.2", "::1", "0.0.0.0"] as const;

let listeners: Server[];
let port: number;
let connections: number;

beforeEach(async () => {
  provideSettings({ PRIVATE_ENDPOINTS: "" });
  connections = 0;
  listeners = [];
  const first = await listen("127.0.0.1", 0);
  port = (first.address() as AddressInfo).port;
  await listen("127.0.0.2", port);
  await listen("::1", port);
});

afterEach(async () => {
  await Promise.all(listeners.map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(host: string, at: number): Promise<Server> {
  const server = createServer((socket) => {
    connections++;
    socket
      .on("error", () => undefined)
      .resume()
      .end("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2/\r\ncontent-length: 0\r\n\r\n");
  }).listen(at, host);
  await once(server, "listening");
  listeners.push(server);
  return server;
}

/** Counts who connects, and passes them on to the database. Answers its port, on 127.0.0.1. */
async function listenInFrontOf({ hostname, port: databasePort }: URL): Promise<number> {
  const server = createServer((socket) => {
    connections++;
    const onward = connect(Number(databasePort), hostname);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      from.on("error", () => to.destroy()).pipe(to);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  listeners.push(server);
  return (server.address() as AddressInfo).port;
}

/** A name server that answers each question with the next of these answers. */
function answering(...answers: readonly (readonly string[])[]): Lookup {
  let asked = 0;
  return (_name, _options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
}

async function reach(host: string, look?: Lookup): Promise<number> {
  const dispatcher = new Agent({ connect: checkedConnector(1_000, look) });
  try {
    const { statusCode } = await request(`http://${host}:${port}/`, { dispatcher });
    return statusCode;
  } finally {
    await dispatcher.destroy();
  }
}

describe("a connection on behalf of a person", () => {
  it.each([
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "0x7f000001",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "0",
    "localhost",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "169.254.169.254",
    "10.0.0.1",
    "１２７.0.0.1",
  ])("does not go to %s", async (host) => {
    await expect(reach(host)).rejects.toThrow("PRIVATE_ENDPOINTS");
    expect(connections).toBe(0);
  });

  it.each(INSIDE)("does not go to a name of %s, also not when another of its addresses is public", async (address) => {
    await expect(reach("sink.example", answering([address]))).rejects.toThrow("PRIVATE_ENDPOINTS");
    await expect(reach("sink.example", answering(["8.8.8.8", address]))).rejects.toThrow("PRIVATE_ENDPOINTS");
    await expect(reach("sink.example", answering([address, "8.8.8.8"]))).rejects.toThrow("PRIVATE_ENDPOINTS");
    expect(connections).toBe(0);
  });

  it("goes to the address that was checked, and is checked again at the next try, when the name has another", async () => {
    provideSettings({ PRIVATE_ENDPOINTS: "127.0.0.2/32" });
    const look = answering(["127.0.0.2"], ["127.0.0.1"]);
    expect(await reach("sink.example", look)).toBe(302);
    expect(connections).toBe(1);
    await expect(reach("sink.example", look)).rejects.toThrow("PRIVATE_ENDPOINTS");
    expect(connections).toBe(1);
  });

  it("does not follow where a permitted address redirects to", async () => {
    provideSettings({ PRIVATE_ENDPOINTS: "127.0.0.1/32" });
    expect(await reach("127.0.0.1")).toBe(302);
    expect(connections).toBe(1);
  });

  it("does not say which address it was", async () => {
    await expect(reach("sink.example", answering(["127.0.0.1"]))).rejects.toThrow(/^[^0-9]+$/);
  });
});

describe("the test of a log project's connection", () => {
  const REF = { region: "cn-hangzhou", name: "inward" };

  async function verdictOn(endpoint: string) {
    const account = await createBuiltInAccount();
    const input = { ...REF, endpoint, accessKeyId: "LTAIinward", accessKeySecret: "secret", logTime: "auto" };
    await createExternalLogProject(
      account.scope("backtrail:CreateLogProject"),
      createLogProjectInputSchema.parse(input),
    );
    return await testLogProject(account.scope("backtrail:TestLogProject"), REF);
  }

  it("connects to nothing inside, whatever the scheme, and says why", async () => {
    for (const scheme of ["http", "https"]) {
      const { answer, verdict } = await verdictOn(`${scheme}://127.0.0.1:${port}`);
      expect([verdict, answer]).toMatchObject(["not-answered", { kind: "unanswered", silence: "inward" }]);
    }
    expect(connections).toBe(0);
  });

  it("does not connect to our own database, nor to what stands in front of it, unless the operator permits it", async () => {
    const database = new URL(env().DATABASE_URL ?? "");
    const front = await listenInFrontOf(database);
    for (const endpoint of [database.host, `127.0.0.1:${front}`, `localhost:${front}`]) {
      const { answer } = await verdictOn(`http://${endpoint}`);
      expect([endpoint, answer]).toMatchObject([endpoint, { kind: "unanswered", silence: "inward" }]);
    }
    expect(connections).toBe(0);
    // Shows that whoever connects is counted, and is at the database then: it answers no HTTP.
    provideSettings({ PRIVATE_ENDPOINTS: "127.0.0.1/32" });
    const { answer } = await verdictOn(`http://127.0.0.1:${front}`);
    expect(connections).toBeGreaterThan(0);
    expect(answer).toMatchObject({ kind: "unanswered", silence: expect.not.stringMatching("inward") });
  });

  it.each([
    "http://user:pass@log.example.com",
    "http://log.example.com@127.0.0.1",
    "ftp://log.example.com",
    "file:///etc/passwd",
    "gopher://127.0.0.1:5432/",
    "http://log.example.com/path",
    "http://log.example.com?x",
    "http://log.example.com#x",
    "unix:/var/run/docker.sock",
    "javascript:alert(1)",
  ])("cannot be made for %s", (endpoint) => {
    const input = { ...REF, endpoint, accessKeyId: "LTAIinward", accessKeySecret: "secret", logTime: "auto" };
    expect(createLogProjectInputSchema.safeParse(input).success).toBe(false);
  });
});
