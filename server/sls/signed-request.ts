import { createHash } from "node:crypto";
import { LogServiceError } from "@/domain/log-service/log-service.ts";
import { storable } from "./parameters.ts";

/** A request as it is signed. */
export type SignedRequest = {
  readonly method: string;
  /** As it stands on the wire, without the query. */
  readonly path: string;
  /** Decoded; of a request that is verified, each name once. */
  readonly query: readonly QueryParameter[];
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
};

export type QueryParameter = readonly [name: string, value: string];

/** How far a request's time may be from ours, either way (actiontrail.md, 6.3). */
const SKEW_MS_MAX = 15 * 60 * 1000;

/** What stands in for the secret of a key that does not exist, so that a made-up id costs as much time as a real one. */
export const NO_SECRET = "0".repeat(30);

/** One answer for a wrong secret, an unknown key and one that cannot be used: a stranger learns nothing from it. */
export function signatureRefusal(): LogServiceError {
  return new LogServiceError("SignatureNotMatch", "The signature does not match, or its access key cannot be used.");
}

/** @throws LogServiceError RequestTimeExpired when a request was signed more than 15 minutes from `now` */
export function checkSkew(signedAt: Date, now: Date): void {
  if (Math.abs(now.getTime() - signedAt.getTime()) > SKEW_MS_MAX) {
    throw new LogServiceError(
      "RequestTimeExpired",
      `Request time ${signedAt.toISOString()} has been expired while server time is ${now.toISOString()}.`,
    );
  }
}

/** The names of the vendor's parameters. Other signs would let two queries be signed alike. */
const PARAMETER_NAME_PATTERN = /^[\w.-]{1,64}$/;

/** GetLogs, the longest call, has nine. */
const PARAMETERS_MAX = 50;

/**
 * The parameters of a query as it stands on the wire.
 * @throws LogServiceError ParameterInvalid for one that is not percent-encoded UTF-8, that has a NUL, that has more parameters than any call, a name that
 *   none has, or one name twice: signatures order parameters by name, so either of two could be meant.
 */
export function readQuery(query: string): QueryParameter[] {
  const parts = query.split("&").filter((part) => part !== "");
  if (parts.length > PARAMETERS_MAX) {
    throw new LogServiceError("ParameterInvalid", `The request has more than ${PARAMETERS_MAX} parameters.`);
  }
  const seen = new Set<string>();
  return parts.map((part) => {
    const at = part.indexOf("=");
    const name = decode(at < 0 ? part : part.slice(0, at));
    if (!PARAMETER_NAME_PATTERN.test(name)) {
      throw new LogServiceError("ParameterInvalid", "The request has a parameter with a name that no parameter has.");
    }
    if (seen.has(name)) {
      throw new LogServiceError("ParameterInvalid", `The parameter ${name} is there more than once.`);
    }
    seen.add(name);
    return [name, at < 0 ? "" : decode(part.slice(at + 1))] as const;
  });
}

/** Strict: a byte that is no UTF-8 must not become a sign that another byte becomes too. */
function decode(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new LogServiceError("ParameterInvalid", "A parameter is not percent-encoded UTF-8.");
  }
  return storable(decoded);
}

/** By name, as both versions of the signature have it. */
export function sortedByName(query: SignedRequest["query"]): QueryParameter[] {
  return query.toSorted(([one], [other]) => compare(one, other));
}

/** The headers that each version signs, by name. */
export function vendorHeaders(headers: SignedRequest["headers"]): [name: string, value: string][] {
  return Object.entries(headers)
    .filter(([name]) => /^x-(log|acs)-/.test(name))
    .map(([name, value = ""]): [string, string] => [name, value.trim()])
    .sort(([one], [other]) => compare(one, other));
}

export function compare(one: string, other: string): number {
  if (one === other) {
    return 0;
  }
  return one < other ? -1 : 1;
}

/** Content-MD5 as SLS writes it: upper-case hexadecimal, of the body as it is sent. */
export function contentMd5(body: Uint8Array): string {
  return createHash("md5").update(body).digest("hex").toUpperCase();
}

/** @throws LogServiceError PostBodyInvalid when Content-MD5 is there and not the body's. Clients send an empty one with no body. */
export function checkContentMd5(headers: SignedRequest["headers"], body: Uint8Array): void {
  const md5 = headers["content-md5"] ?? "";
  if (md5 !== "" && md5.toUpperCase() !== contentMd5(body)) {
    throw new LogServiceError("PostBodyInvalid", "Content-MD5 is not the digest of the body.");
  }
}
