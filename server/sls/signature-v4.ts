import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { LogServiceError } from "@/domain/log-service/log-service.ts";
import {
  checkContentMd5,
  compare,
  NO_SECRET,
  type SignedRequest,
  signatureRefusal,
  sortedByName,
  vendorHeaders,
} from "./signed-request.ts";

const ALGORITHM = "SLS4-HMAC-SHA256";
const SCOPE_TAIL = "sls/aliyun_v4_request";

export type SigningKey = { readonly region: string; readonly accessKeyId: string; readonly accessKeySecret: string };

/**
 * The headers that sign a request in version 4: the time, the body's SHA-256 and the signature over these, the method, path, query,
 * `host`, `content-type` and all `x-log-*` and `x-acs-*` headers. Source: actiontrail.md, 6.2.
 */
export function signV4(
  request: SignedRequest,
  body: Uint8Array,
  key: SigningKey,
  signedAt: Date,
): Readonly<Record<string, string>> {
  const added = { "x-log-date": toBasicTime(signedAt), "x-log-content-sha256": sha256Hex(body) };
  const scope = { date: added["x-log-date"].slice(0, 8), region: key.region };
  const signature = computeSignature(
    { ...request, headers: { ...request.headers, ...added } },
    scope,
    key.accessKeySecret,
  );
  return {
    ...added,
    authorization: `${ALGORITHM} Credential=${key.accessKeyId}/${scopeText(scope)},Signature=${signature.toString("hex")}`,
  };
}

/** What a request that is signed in version 4 says about who signed it, not verified yet. */
export type PresentedV4 = {
  readonly version: 4;
  readonly accessKeyId: string;
  readonly region: string;
  readonly date: string;
  readonly signature: Buffer;
  readonly signedAt: Date;
};

const AUTHORIZATION_PATTERN =
  /^SLS4-HMAC-SHA256 Credential=([\w-]{1,128})\/([0-9]{8})\/([a-z0-9-]{1,64})\/sls\/aliyun_v4_request,Signature=([0-9a-f]{64})$/;

/**
 * The signature that a request carries, read but not verified.
 * @throws LogServiceError Unauthorized when there is none of version 4.
 */
export function readSignatureV4(headers: SignedRequest["headers"]): PresentedV4 {
  const match = AUTHORIZATION_PATTERN.exec(headers.authorization ?? "");
  const signedAt = parseBasicTime(headers["x-log-date"] ?? "");
  if (match === null || signedAt === null) {
    throw new LogServiceError("Unauthorized", "The request is not signed with signature version 4.");
  }
  const [, accessKeyId = "", date = "", region = "", signature = ""] = match;
  return { version: 4, accessKeyId, region, date, signature: Buffer.from(signature, "hex"), signedAt };
}

/**
 * Returns when the request was signed with this secret; its time is for checkSkew to say, and that its body is the signed one for
 * checkBodyV4: the headers alone decide here, so that nothing is read from a stranger.
 * @param secret null when the key does not exist: the same work is done, and the answer is the same.
 * @throws LogServiceError SignatureNotMatch
 */
export function verifyV4(request: SignedRequest, presented: PresentedV4, secret: string | null): void {
  const isEqual = [percentEncode, encodeAsNodeClient].map((encode) =>
    timingSafeEqual(computeSignature(request, presented, secret ?? NO_SECRET, encode), presented.signature),
  );
  if (!isEqual.includes(true) || secret === null || toBasicTime(presented.signedAt).slice(0, 8) !== presented.date) {
    throw signatureRefusal();
  }
}

/**
 * Returns when the body, as it was sent, is the one that was signed and the one that Content-MD5 names, if it is there.
 * @throws LogServiceError SignatureNotMatch, PostBodyInvalid
 */
export function checkBodyV4(headers: SignedRequest["headers"], body: Uint8Array): void {
  if (headers["x-log-content-sha256"]?.toLowerCase() !== sha256Hex(body)) {
    throw new LogServiceError("SignatureNotMatch", "x-log-content-sha256 is not the digest of the body.");
  }
  checkContentMd5(headers, body);
}

type Scope = { readonly date: string; readonly region: string };

function scopeText({ date, region }: Scope): string {
  return `${date}/${region}/${SCOPE_TAIL}`;
}

type Encode = (value: string) => string;

function computeSignature(
  request: SignedRequest,
  scope: Scope,
  secret: string,
  encode: Encode = percentEncode,
): Buffer {
  const stringToSign = [
    ALGORITHM,
    request.headers["x-log-date"] ?? "",
    scopeText(scope),
    sha256Hex(Buffer.from(canonicalRequest(request, encode))),
  ].join("\n");
  const steps = [scope.date, scope.region, ...SCOPE_TAIL.split("/"), stringToSign];
  return steps.reduce<Buffer>(
    (key, step) => createHmac("sha256", key).update(step).digest(),
    Buffer.from(`aliyun_v4${secret}`),
  );
}

function canonicalRequest({ method, path, query, headers }: SignedRequest, encode: Encode): string {
  const signed = [
    ...vendorHeaders(headers),
    ...["host", "content-type"].flatMap((name): [string, string][] => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value.trim()]];
    }),
  ].sort(([one], [other]) => compare(one, other));
  return [
    method,
    path,
    canonicalQuery(query, encode),
    signed.map(([name, value]) => `${name}:${value}\n`).join(""),
    signed.map(([name]) => name).join(";"),
    headers["x-log-content-sha256"] ?? "",
  ].join("\n");
}

/** Values are percent-encoded, names are not, and an empty value loses its `=`: the vendor's clients do it so. */
function canonicalQuery(query: SignedRequest["query"], encode: Encode): string {
  return sortedByName(query)
    .map(([name, value]) => (value === "" ? name : `${name}=${encode(value)}`))
    .join("&");
}

/** RFC 3986: everything but letters, digits and `-_.~`. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The vendor's client for Node leaves `!'()` and every `*` but the first as they are (@alicloud/darabonba-encode-util, percentEncode), so
 * that its searches with parentheses would be refused. Read back, both forms give the same value, so neither can stand for another query.
 */
function encodeAsNodeClient(text: string): string {
  return encodeURIComponent(text).replace("*", "%2A");
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** yyyyMMddTHHmmssZ */
function toBasicTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

function parseBasicTime(text: string): Date | null {
  const extended = text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, "$1-$2-$3T$4:$5:$6Z");
  const instant = new Date(extended);
  return Number.isNaN(instant.getTime()) || toBasicTime(instant) !== text ? null : instant;
}
