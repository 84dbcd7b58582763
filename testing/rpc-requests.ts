import { createHash, createHmac, randomUUID } from "node:crypto";
import { type Dispatcher, request } from "undici";
import type { NewAccessKey } from "@/server/access/access-keys.ts";

// Requests of the vendor's API, signed by an implementation of its own (actiontrail.md, 3): what the product gets wrong, this does not.

type Parameters = Readonly<Record<string, string>>;

export type RawRequest = {
  readonly method: "GET" | "POST";
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

export type RawAnswer = {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData["headers"];
  readonly body: Record<string, unknown>;
};

type V3Options = {
  readonly parameters?: Parameters;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly version?: string;
  readonly signedAt?: Date;
  readonly nonce?: string;
  /** Names in SignedHeaders; all that there are when absent. */
  readonly signed?: readonly string[];
};

/** @param host as it is signed, which may be another than is connected to */
export function signV3(key: NewAccessKey, host: string, action: string, options: V3Options = {}): RawRequest {
  const { parameters = {}, method = "POST", body = "", version = "2020-07-06" } = options;
  const query = canonical(parameters);
  const headers: Record<string, string> = {
    host,
    "x-acs-action": action,
    "x-acs-version": version,
    "x-acs-date": vendorTime(options.signedAt ?? new Date()),
    "x-acs-signature-nonce": options.nonce ?? randomUUID(),
    "x-acs-content-sha256": createHash("sha256").update(body).digest("hex"),
    ...options.headers,
  };
  const signed = (options.signed ?? Object.keys(headers)).toSorted();
  const lines = signed.map((name) => `${name}:${(headers[name] ?? "").trim()}\n`).join("");
  const request = [method, "/", query, lines, signed.join(";"), headers["x-acs-content-sha256"]].join("\n");
  const text = `ACS3-HMAC-SHA256\n${createHash("sha256").update(request).digest("hex")}`;
  const signature = createHmac("sha256", key.secret).update(text).digest("hex");
  return {
    method,
    path: query === "" ? "/" : `/?${query}`,
    headers: {
      ...headers,
      authorization: `ACS3-HMAC-SHA256 Credential=${key.id},SignedHeaders=${signed.join(";")},Signature=${signature}`,
    },
    ...(body === "" ? {} : { body }),
  };
}

/** Everything in the query, or all of it in a form. */
export function signLegacy(
  key: NewAccessKey,
  action: string,
  parameters: Parameters = {},
  method: "GET" | "POST" = "GET",
): RawRequest {
  const all: Record<string, string> = {
    Action: action,
    Version: "2020-07-06",
    Format: "JSON",
    AccessKeyId: key.id,
    SignatureMethod: "HMAC-SHA1",
    SignatureVersion: "1.0",
    SignatureNonce: randomUUID(),
    Timestamp: vendorTime(new Date()),
    ...parameters,
  };
  const text = [method, encode("/"), encode(canonical(all))].join("&");
  const form = canonical({ ...all, Signature: createHmac("sha1", `${key.secret}&`).update(text).digest("base64") });
  return method === "GET"
    ? { method, path: `/?${form}`, headers: {} }
    : { method, path: "/", headers: { "content-type": "application/x-www-form-urlencoded" }, body: form };
}

/** @param address host and port of an api process */
export async function send(address: string, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  const answer = await request(`http://${address}${path}`, { method, headers, body: body ?? null });
  return { status: answer.statusCode, headers: answer.headers, body: (await answer.body.json()) as RawAnswer["body"] };
}

function canonical(parameters: Parameters): string {
  return Object.keys(parameters)
    .toSorted()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? "")}`)
    .join("&");
}

function encode(text: string): string {
  return Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9_.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

function vendorTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
