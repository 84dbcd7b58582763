import { createHmac, timingSafeEqual } from "node:crypto";
import { LogServiceError } from "@/domain/log-service/log-service.ts";
import {
  checkContentMd5,
  NO_SECRET,
  type SignedRequest,
  signatureRefusal,
  sortedByName,
  vendorHeaders,
} from "./signed-request.ts";

/** By `x-log-signaturemethod`. */
const DIGESTS = { "hmac-sha1": "sha1", "hmac-sha256": "sha256" } as const;

/** What a request that is signed in version 1 says about who signed it, not verified yet. */
export type PresentedV1 = {
  readonly version: 1;
  readonly accessKeyId: string;
  readonly digest: (typeof DIGESTS)[keyof typeof DIGESTS];
  /** As it was presented: a base64 text that decodes alike is another signature. */
  readonly signature: string;
  readonly signedAt: Date;
};

const AUTHORIZATION_PATTERN = /^LOG ([\w-]{1,128}):([A-Za-z0-9+/]{27,43}=)$/;

/** Whether a request claims to be signed in version 1. */
export function isSignedInV1(headers: SignedRequest["headers"]): boolean {
  return headers.authorization?.startsWith("LOG ") ?? false;
}

/**
 * The signature that a request carries, read but not verified.
 * @throws LogServiceError Unauthorized when it is not of version 1
 */
export function readSignatureV1(headers: SignedRequest["headers"]): PresentedV1 {
  const [, accessKeyId, signature = ""] = AUTHORIZATION_PATTERN.exec(headers.authorization ?? "") ?? [];
  if (accessKeyId === undefined) {
    throw new LogServiceError("Unauthorized", "The request is not signed with signature version 1.");
  }
  const digest = digestOf(headers["x-log-signaturemethod"]);
  const signedAt = parseHttpDate(headers.date ?? "");
  if (digest === null) {
    throw new LogServiceError("Unauthorized", "x-log-signaturemethod is neither hmac-sha1 nor hmac-sha256.");
  }
  if (signedAt === null) {
    throw new LogServiceError("Unauthorized", "The header Date is not a time such as Sun, 22 Nov 2026 10:00:00 GMT.");
  }
  return { version: 1, accessKeyId, digest, signature, signedAt };
}

/**
 * Returns when the request was signed with this secret; its time is for checkSkew to say. The host, and so the project, is not signed
 * in this version: which projects a key may use is for its policy to say.
 * @param secret null when the key does not exist: the same work is done, and the answer is the same.
 * @throws LogServiceError SignatureNotMatch; ParameterInvalid for a query that could have been signed as another one
 */
export function verifyV1(request: SignedRequest, presented: PresentedV1, secret: string | null): void {
  const expected = Buffer.from(
    createHmac(presented.digest, secret ?? NO_SECRET)
      .update(stringToSign(request))
      .digest("base64"),
  );
  const signature = Buffer.from(presented.signature);
  const isEqual = signature.length === expected.length && timingSafeEqual(expected, signature);
  if (!isEqual || secret === null) {
    throw signatureRefusal();
  }
  // Values are signed as they read, so `query=a&line=1` is one parameter or two: only the latter is taken.
  if (request.query.some(([, value]) => /&[\w.-]+=/.test(value))) {
    throw new LogServiceError(
      "ParameterInvalid",
      "A value has the form of another parameter, which signature version 1 cannot tell apart. Sign it with version 4.",
    );
  }
}

/**
 * Returns when the body, as it was sent, is the one that was signed.
 * @throws LogServiceError Unauthorized, PostBodyInvalid
 */
export function checkBodyV1(headers: SignedRequest["headers"], body: Uint8Array): void {
  if (body.length > 0 && !headers["content-md5"]) {
    throw new LogServiceError("Unauthorized", "The body is not signed: there is no Content-MD5.");
  }
  checkContentMd5(headers, body);
}

/** Source: actiontrail.md, 6.2. */
function stringToSign({ method, path, query, headers }: SignedRequest): string {
  const parameters = sortedByName(query).map(([name, value]) => `${name}=${value}`);
  return [
    method,
    headers["content-md5"] ?? "",
    headers["content-type"] ?? "",
    headers.date ?? "",
    ...vendorHeaders(headers).map(([name, value]) => `${name}:${value}`),
    parameters.length === 0 ? path : `${path}?${parameters.join("&")}`,
  ].join("\n");
}

function digestOf(method: string | undefined): PresentedV1["digest"] | null {
  return method === "hmac-sha1" || method === "hmac-sha256" ? DIGESTS[method] : null;
}

/** The one form of RFC 9110, 5.6.7, that may be sent; Date.parse would take many more. */
function parseHttpDate(text: string): Date | null {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) || instant.toUTCString() !== text ? null : instant;
}
