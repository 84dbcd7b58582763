import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { LogServiceError } from "@/domain/log-service/log-service.ts";

const ALGORITHM = "SLS4-HMAC-SHA256";
const SCOPE_TAIL = "sls/aliyun_v4_request";

/** How far a request's time may be from ours, either way (actiontrail.md, 6.3). */
const SKEW_MS_MAX = 15 * 60 * 1000;

/** What stands in for the secret of a key that does not exist, so that a made-up id costs as much time as a real one. */
const NO_SECRET = "0".repeat(30);

/** A request as it is signed. */
export type SignedRequest = {
  readonly method: string;
  /** As it stands on the wire, without the query. */
  readonly path: string;
  /** Decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
};

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

/** What a request says about who signed it, not verified yet. */
export type PresentedSignature = {
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
export function readSignatureV4(headers: SignedRequest["headers"]): PresentedSignature {
  const match = AUTHORIZATION_PATTERN.exec(headers.authorization ?? "");
  const signedAt = parseBasicTime(headers["x-log-date"] ?? "");
  if (match === null || signedAt === null) {
    throw new LogServiceError("Unauthorized", "The request is not signed with signature version 4.");
  }
  const [, accessKeyId = "", date = "", region = "", signature = ""] = match;
  return { accessKeyId, region, date, signature: Buffer.from(signature, "hex"), signedAt };
}

/**
 * Returns when the request was signed with this secret, within 15 minutes of `now`. That its body is the signed one is for
 * checkBody to say: the headers alone decide here, so that nothing is read from a stranger.
 * @param secret null when the key does not exist: the same work is done, and the answer is the same.
 * @throws LogServiceError SignatureNotMatch, RequestTimeExpired
 */
export function verifyV4(
  request: SignedRequest,
  presented: PresentedSignature,
  secret: string | null,
  now: Date,
): void {
  const expected = computeSignature(request, presented, secret ?? NO_SECRET);
  const isEqual = timingSafeEqual(expected, presented.signature);
  if (!isEqual || secret === null || toBasicTime(presented.signedAt).slice(0, 8) !== presented.date) {
    throw new LogServiceError("SignatureNotMatch", "The signature does not match, or its access key cannot be used.");
  }
  if (Math.abs(now.getTime() - presented.signedAt.getTime()) > SKEW_MS_MAX) {
    throw new LogServiceError(
      "RequestTimeExpired",
      `Request time ${presented.signedAt.toISOString()} has been expired while server time is ${now.toISOString()}.`,
    );
  }
}

/**
 * Returns when the body, as it was sent, is the one that was signed and the one that Content-MD5 names, if it is there.
 * @throws LogServiceError SignatureNotMatch, PostBodyInvalid
 */
export function checkBody(headers: SignedRequest["headers"], body: Uint8Array): void {
  if (headers["x-log-content-sha256"]?.toLowerCase() !== sha256Hex(body)) {
    throw new LogServiceError("SignatureNotMatch", "x-log-content-sha256 is not the digest of the body.");
  }
  const md5 = headers["content-md5"];
  if (md5 !== undefined && md5.toUpperCase() !== contentMd5(body)) {
    throw new LogServiceError("PostBodyInvalid", "Content-MD5 is not the digest of the body.");
  }
}

/** Content-MD5 as SLS writes it: upper-case hexadecimal, of the body as it is sent. */
export function contentMd5(body: Uint8Array): string {
  return createHash("md5").update(body).digest("hex").toUpperCase();
}

type Scope = { readonly date: string; readonly region: string };

function scopeText({ date, region }: Scope): string {
  return `${date}/${region}/${SCOPE_TAIL}`;
}

function computeSignature(request: SignedRequest, scope: Scope, secret: string): Buffer {
  const stringToSign = [
    ALGORITHM,
    request.headers["x-log-date"] ?? "",
    scopeText(scope),
    sha256Hex(Buffer.from(canonicalRequest(request))),
  ].join("\n");
  const steps = [scope.date, scope.region, ...SCOPE_TAIL.split("/"), stringToSign];
  return steps.reduce<Buffer>(
    (key, step) => createHmac("sha256", key).update(step).digest(),
    Buffer.from(`aliyun_v4${secret}`),
  );
}

function canonicalRequest({ method, path, query, headers }: SignedRequest): string {
  const signed = Object.entries(headers)
    .filter(([name]) => name === "host" || name === "content-type" || /^x-(log|acs)-/.test(name))
    .map(([name, value = ""]) => ({ name, line: `${name}:${value.trim()}\n` }))
    .sort((one, other) => compare(one.name, other.name));
  return [
    method,
    path,
    canonicalQuery(query),
    signed.map(({ line }) => line).join(""),
    signed.map(({ name }) => name).join(";"),
    headers["x-log-content-sha256"] ?? "",
  ].join("\n");
}

/** Values are percent-encoded, names are not, and an empty value loses its `=`: the vendor's clients do it so. */
function canonicalQuery(query: SignedRequest["query"]): string {
  return query
    .toSorted(([one], [other]) => compare(one, other))
    .map(([name, value]) => (value === "" ? name : `${name}=${percentEncode(value)}`))
    .join("&");
}

/** RFC 3986: everything but letters, digits and `-_.~`. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(one: string, other: string): number {
  if (one === other) {
    return 0;
  }
  return one < other ? -1 : 1;
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
