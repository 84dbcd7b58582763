import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { CreateLogStoreRequest, GetLogsRequest, ListLogStoresRequest } from "@alicloud/sls20201230";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { LogServiceError } from "@/domain/log-service/log-service.ts";
import type { AccessKey } from "@/server/access/access-key-gate.ts";
import { createLogClient, createSlsClient, resolveProjectsHere } from "@/testing/sls-clients.ts";
import { checkBody, readSignature, verifySignature } from "./signature.ts";
import { readQuery, type SignedRequest } from "./signed-request.ts";

const KEY: AccessKey = {
  id: "LTAI5tExample",
  accountId: "1234567890123456",
  secret: "a secret of thirty characters.",
  policy: { Version: "1", Statement: [] },
  lastUse: null,
};
const QUERY = `eventName: "Del*" and not (a/b* or 'x~y!') + 事件 100%`;

type Sent = { readonly request: SignedRequest; readonly body: Buffer; readonly client: string };

/** Real requests of the vendor's clients, as they came over the wire. */
const sent: Sent[] = [];

beforeAll(async () => {
  resolveProjectsHere();
  let client = "";
  const server = createServer(async (incoming, outgoing) => {
    const [path = "", query = ""] = (incoming.url ?? "").split("?");
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const body = await buffer(incoming);
    sent.push({ request: { method: incoming.method ?? "", path, query: readQuery(query), headers }, body, client });
    outgoing.setHeader("content-type", "application/json").end(path.endsWith("/audit") ? "[]" : "{}");
  });
  // A busy machine lets a client use a connection again long after the default of five seconds.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const target = { port: (server.address() as AddressInfo).port, accessKeyId: KEY.id, accessKeySecret: KEY.secret };
  const [from, to] = [new Date(0), new Date()];

  client = "v1 hmac-sha1";
  const old = createLogClient(target);
  await old.listLogStore("project");
  await old.getLogs("project", "audit", from, to, { query: QUERY, line: 100, offset: 0, reverse: true, topic: "" });
  await old.createLogStore("project", "audit", { ttl: 30, shardCount: 2 });
  await old.postLogStoreLogs("project", "audit", { logs: [{ timestamp: 1_700_000_000, content: { event: "{}" } }] });
  for (const version of ["v1", "v4"] as const) {
    client = version === "v1" ? "v1 hmac-sha256" : "v4";
    const current = createSlsClient(target, version);
    await current.listLogStores("project", new ListLogStoresRequest({ size: 10 }));
    await current.getLogs("project", "audit", new GetLogsRequest({ from: 0, to: 10, query: QUERY, topic: "" }));
    await current.createLogStore(
      "project",
      new CreateLogStoreRequest({ logstoreName: "audit", ttl: 30, shardCount: 2 }),
    );
  }
  server.close();
  server.closeAllConnections();
});

function verify(
  { request, body }: Pick<Sent, "request" | "body">,
  key: AccessKey | null = KEY,
  now = new Date(),
): void {
  const presented = readSignature(request.headers);
  verifySignature(request, presented, presented.accessKeyId === KEY.id ? key : null, now);
  checkBody(presented, request.headers, body);
}

/** Changes one sign of a text to another. */
const changeText = fc.record({ at: fc.nat(), to: fc.constantFrom(..."abAB01-_/=+ ") });
type TextChange = { readonly at: number; readonly to: string };

function changed(text: string, { at, to }: TextChange): string {
  const place = text.length === 0 ? 0 : at % text.length;
  return `${text.slice(0, place)}${to}${text.slice(place + 1)}`;
}

const SIGNED_BY_V1 = /^(content-md5|content-type|date|authorization|x-log-.*|x-acs-.*)$/;
const SIGNED_BY_V4 = /^(host|content-type|authorization|x-log-.*|x-acs-.*)$/;

type Change = (original: Sent, pick: number, text: TextChange) => Sent;

const CHANGES: Readonly<Record<string, Change>> = {
  method: (one) => ({ ...one, request: { ...one.request, method: one.request.method === "GET" ? "POST" : "GET" } }),
  path: (one, _, text) => ({ ...one, request: { ...one.request, path: changed(one.request.path, text) } }),
  "value of a parameter": (one, pick, text) => {
    const at = pick % Math.max(1, one.request.query.length);
    const query = one.request.query.map(
      ([name, value], index) => [name, index === at ? changed(value, text) : value] as const,
    );
    return { ...one, request: { ...one.request, query } };
  },
  "name of a parameter": (one, pick, text) => {
    const at = pick % Math.max(1, one.request.query.length);
    const query = one.request.query.map(
      ([name, value], index) => [index === at ? changed(name, text) : name, value] as const,
    );
    return { ...one, request: { ...one.request, query } };
  },
  "number of parameters": (one, pick) => {
    const query = pick % 2 === 0 ? [...one.request.query, ["more", "1"] as const] : one.request.query.slice(1);
    return { ...one, request: { ...one.request, query } };
  },
  header: (one, pick, text) => {
    const isSigned = one.client === "v4" ? SIGNED_BY_V4 : SIGNED_BY_V1;
    const names = Object.keys(one.request.headers).filter((name) => isSigned.test(name));
    const name = names[pick % names.length] ?? "";
    const headers = { ...one.request.headers, [name]: changed(one.request.headers[name] ?? "", text) };
    return { ...one, request: { ...one.request, headers } };
  },
  "number of headers": (one, pick) => {
    const headers: Record<string, string | undefined> = { ...one.request.headers };
    if (pick % 2 === 0) {
      headers["x-log-more"] = "1";
    } else {
      delete headers["x-log-apiversion"];
    }
    return { ...one, request: { ...one.request, headers } };
  },
  body: (one, pick) => {
    const body = Buffer.concat([one.body]);
    if (body.length === 0) {
      return { ...one, body: Buffer.from("x") };
    }
    body[pick % body.length] = (body[pick % body.length] ?? 0) ^ 1;
    return { ...one, body };
  },
};

describe("the signatures of the vendor's own clients", () => {
  it("are what we compute, byte for byte", () => {
    for (const one of sent) {
      expect(() => verify(one), `${one.client} ${one.request.method} ${one.request.path}`).not.toThrow();
    }
    expect(sent).toHaveLength(10);
    expect(new Set(sent.map(({ client }) => client)).size).toBe(3);
  });

  it("do not hold for a request in which anything was changed", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom(...Object.keys(CHANGES)),
        fc.nat(),
        changeText,
        (which, what, pick, text) => {
          const original = sent[which % sent.length];
          const change = CHANGES[what];
          if (original === undefined || change === undefined) {
            throw new Error("there is nothing to change");
          }
          const other = change(original, pick, text);
          fc.pre(!isSame(original, other));
          expect(() => verify(other)).toThrow(LogServiceError);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("do not hold at another time", () => {
    for (const one of sent) {
      for (const skewMs of [-16 * 60_000, 16 * 60_000]) {
        expect(() => verify(one, KEY, new Date(Date.now() + skewMs))).toThrow(
          expect.objectContaining({ code: "RequestTimeExpired" }),
        );
      }
    }
  });

  it("do not hold for another secret, nor for a key that does not exist, with one answer", () => {
    for (const one of sent) {
      for (const key of [{ ...KEY, secret: "another secret" }, null]) {
        expect(() => verify(one, key)).toThrow(expect.objectContaining({ code: "SignatureNotMatch" }));
      }
    }
  });
});

/** Values are trimmed before they are signed, so spaces at the ends say nothing. */
function isSame(one: Sent, other: Sent): boolean {
  const normal = ({ request, body }: Sent) =>
    JSON.stringify([
      request.method,
      request.path,
      request.query.toSorted(([a], [b]) => (a < b ? -1 : 1)),
      Object.entries(request.headers).map(([name, value]) => [name, value?.trim()]),
      body.toString("base64"),
    ]);
  return normal(one) === normal(other);
}

describe("readSignature", () => {
  const headers = { authorization: `LOG LTAI5tExample:${"a".repeat(27)}=`, date: "Sun, 22 Nov 2026 10:00:00 GMT" };

  it.each<[string, Record<string, string | undefined>]>([
    ["no signature", { authorization: undefined }],
    ["another scheme", { authorization: "Basic abc" }],
    ["no key", { authorization: `LOG :${"a".repeat(27)}=` }],
    ["a signature that is too short", { authorization: "LOG LTAI5tExample:abc=" }],
    ["no method", { "x-log-signaturemethod": undefined }],
    ["another method", { "x-log-signaturemethod": "hmac-md5" }],
    ["no date", { date: undefined }],
    ["a date in another form", { date: "2026-11-22T10:00:00Z" }],
    ["a date that is none", { date: "Sun, 30 Feb 2026 10:00:00 GMT" }],
  ])("refuses %s", (_, part) => {
    expect(() => readSignature({ ...headers, "x-log-signaturemethod": "hmac-sha1", ...part })).toThrow(
      expect.objectContaining({ code: "Unauthorized" }),
    );
  });
});

describe("readQuery", () => {
  it("reads what clients write", () => {
    expect(readQuery("type=log&query=a+b%20%E4%BA%8B&offset=&flag")).toEqual([
      ["type", "log"],
      ["query", "a b 事"],
      ["offset", ""],
      ["flag", ""],
    ]);
    expect(readQuery("")).toEqual([]);
  });

  it.each([
    ["one name twice", "line=1&line=2"],
    ["one name twice, written differently", "line=1&l%69ne=2"],
    ["a name that could be two parameters", "a%3D1%26b=2"],
    ["a name of nothing", "=1"],
    ["bytes that are not UTF-8", "query=%ff"],
    ["half an escape", "query=%4"],
    ["a thousand parameters", Array.from({ length: 1_000 }, (_, index) => `p${index}=1`).join("&")],
  ])("refuses %s", (_, query) => {
    expect(() => readQuery(query)).toThrow(expect.objectContaining({ code: "ParameterInvalid" }));
  });
});
