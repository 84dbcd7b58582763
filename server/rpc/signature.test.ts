import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RpcError } from "@/domain/rpc/rpc-error.ts";
import { CLIENTS, type ClientKind, callerOf } from "@/testing/api-clients.ts";
import { decodeForm, type Parameter } from "./percent-encoding.ts";
import { isSignedWith, type PresentedSignature, type RpcRequestParts } from "./signature.ts";
import { readSignatureLegacy } from "./signature-legacy.ts";
import { isSignedBody, isSignedInV3, readSignatureV3 } from "./signature-v3.ts";

const KEY = { id: "LTAI5tExampleKey", secret: "Example+Secret/0123456789=" };

type Received = { readonly parts: RpcRequestParts; readonly body: Buffer };

const received: Received[] = [];
const listener = createServer(async (request, response) => {
  const body = await buffer(request);
  received.push({ parts: partsOf(request, body), body });
  response.setHeader("content-type", "application/json").end('{"RequestId":"A"}');
});
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  address = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => listener.close(resolve)));

function partsOf({ method = "", url = "", headers }: IncomingMessage, body: Buffer): RpcRequestParts {
  const [path = "", query = ""] = url.split("?");
  return {
    method,
    path,
    query: decodeForm(Buffer.from(query)) ?? [],
    form: decodeForm(body) ?? [],
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  };
}

/** What the vendor's own client sends for this call. */
async function captured(kind: ClientKind, parameters: Record<string, string>): Promise<Received> {
  received.length = 0;
  await callerOf(kind, address, KEY)("LookupEvents", parameters);
  const [one] = received;
  if (one === undefined) {
    throw new Error("the client sent nothing");
  }
  return one;
}

function read({ parts }: Received): PresentedSignature {
  return isSignedInV3(parts.headers)
    ? readSignatureV3(parts)
    : readSignatureLegacy(parts, [...parts.query, ...parts.form]);
}

/** Whether a request is taken for one that this secret signed, body and all. */
function isTaken(request: Received): boolean {
  try {
    const isBodySigned = !isSignedInV3(request.parts.headers) || isSignedBody(request.parts.headers, request.body);
    return isSignedWith(read(request), KEY.secret) && isBodySigned;
  } catch (error) {
    if (error instanceof RpcError) {
      return false;
    }
    throw error;
  }
}

const VECTORS: readonly Record<string, string>[] = [
  {},
  { StartTime: "2026-11-01T00:00:00Z", EndTime: "2026-11-02T00:00:00Z", MaxResults: "50" },
  { "LookupAttribute.1.Key": "User", "LookupAttribute.1.Value": "a b*~'()!+/=&?%#@:,;[]\"<>\\^`{|}" },
  { "LookupAttribute.1.Value": "操作审计 é 🙂", NextToken: "eyJhIjoxfQ==" },
];

describe.each(CLIENTS)("%s", (kind) => {
  it.each(VECTORS)("signs %j byte for byte as we do", async (parameters) => {
    const request = await captured(kind, parameters);
    const presented = read(request);
    expect(presented.sign(KEY.secret)).toBe(presented.signature);
    expect(presented).toMatchObject({ action: "LookupEvents", version: "2020-07-06", accessKeyId: KEY.id });
    expect(isTaken(request)).toBe(true);
  });

  it("is taken no longer once anything of its request is changed", async () => {
    const request = await captured(kind, { StartTime: "2026-11-01T00:00:00Z", NextToken: "a b" });
    const isV3 = isSignedInV3(request.parts.headers);
    fc.assert(
      fc.property(changeOf(request.parts, isV3), (change) => {
        const parts = change(request.parts);
        fc.pre(JSON.stringify(parts) !== JSON.stringify(request.parts));
        expect(isTaken({ ...request, parts })).toBe(false);
      }),
      { numRuns: 300 },
    );
    if (isV3) {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 64 }), (body) => {
          fc.pre(Buffer.compare(Buffer.from(body), request.body) !== 0);
          expect(isTaken({ ...request, body: Buffer.from(body) })).toBe(false);
        }),
      );
    }
  });
});

type Change = (parts: RpcRequestParts) => RpcRequestParts;

const text = fc.string({ unit: "grapheme", maxLength: 12 });

/** Headers that would decide something, or might: none of them may come along without being signed. */
const ADDED_HEADERS = ["x-acs-extra", "x-acs-security-token", "x-acs-retry-attempts"] as const;

/**
 * A change of method, path, one parameter, the list of parameters, one signed header (time and nonce among them), which may also be taken
 * away, or the headers of the vendor's, of which one may be added.
 */
function changeOf({ headers, query, form }: RpcRequestParts, isV3: boolean): fc.Arbitrary<Change> {
  const places = [...(query.length > 0 ? (["query"] as const) : []), ...(form.length > 0 ? (["form"] as const) : [])];
  const ofForm: fc.Arbitrary<Change>[] =
    isV3 && query.length === 0 ? [] : [changeOfParameters(isV3 ? ["query"] : places)];
  const signed = /SignedHeaders=([^,]*)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
  const names = ["authorization", ...signed];
  const ofHeader: fc.Arbitrary<Change> = fc
    .tuple(fc.constantFrom(...names), fc.oneof(text, fc.constantFrom("2026-11-01T00:00:00Z", "f".repeat(64))))
    .map(([name, value]) => (parts) => ({ ...parts, headers: { ...parts.headers, [name]: value.trim() } }));
  const ofMissingHeader = (): fc.Arbitrary<Change> =>
    fc.constantFrom(...signed).map((name) => (parts) => ({ ...parts, headers: without(parts.headers, name) }));
  const ofAddedHeader: fc.Arbitrary<Change> = fc
    .tuple(fc.constantFrom(...ADDED_HEADERS), text)
    .map(([name, value]) => (parts) => ({ ...parts, headers: { ...parts.headers, [name]: value.trim() } }));
  return fc.oneof(
    fc.constantFrom("GET", "POST", "PUT").map((method) => (parts: RpcRequestParts) => ({ ...parts, method })),
    text.map((path) => (parts: RpcRequestParts) => ({ ...parts, path: `/${path}` })),
    ...ofForm,
    ...(isV3 ? [ofHeader, ofMissingHeader(), ofAddedHeader] : []),
  );
}

function without(headers: RpcRequestParts["headers"], name: string): RpcRequestParts["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name));
}

function changeOfParameters(places: readonly ("query" | "form")[]): fc.Arbitrary<Change> {
  return fc
    .record({
      place: fc.constantFrom(...places),
      at: fc.nat(),
      value: text,
      kind: fc.constantFrom("set", "add", "drop"),
    })
    .map(({ place, at, value, kind }) => (parts) => {
      const before = parts[place];
      const index = at % before.length;
      const [name = ""] = before[index] ?? [];
      const changed: Parameter = [name, value];
      const after = {
        set: before.with(index, changed),
        add: [...before, ["Added", value] as Parameter],
        drop: before.toSpliced(index, 1),
      };
      return { ...parts, [place]: after[kind as keyof typeof after] };
    });
}
