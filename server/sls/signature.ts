import type { AccessKey } from "@/server/access/access-key-gate.ts";
import { checkBodyV1, isSignedInV1, type PresentedV1, readSignatureV1, verifyV1 } from "./signature-v1.ts";
import { checkBodyV4, type PresentedV4, readSignatureV4, verifyV4 } from "./signature-v4.ts";
import { checkSkew, type SignedRequest } from "./signed-request.ts";

export type PresentedSignature = PresentedV1 | PresentedV4;

/**
 * The signature that a request carries, of either version, read but not verified.
 * @throws LogServiceError Unauthorized
 */
export function readSignature(headers: SignedRequest["headers"]): PresentedSignature {
  return isSignedInV1(headers) ? readSignatureV1(headers) : readSignatureV4(headers);
}

/**
 * The key, when the request was signed with it, within 15 minutes of `now`. The headers alone decide; the body is for checkBody.
 * @param key null when there is none of the presented id
 * @throws LogServiceError SignatureNotMatch, RequestTimeExpired, ParameterInvalid
 */
export function verifySignature<Key extends AccessKey>(
  request: SignedRequest,
  presented: PresentedSignature,
  key: Key | null,
  now: Date,
): Key {
  const secret = key?.secret ?? null;
  if (presented.version === 1) {
    verifyV1(request, presented, secret);
  } else {
    verifyV4(request, presented, secret);
  }
  checkSkew(presented.signedAt, now);
  if (key === null) {
    throw new Error("a signature was verified without a key");
  }
  return key;
}

/**
 * Returns when the body, as it was sent, is the one that was signed.
 * @throws LogServiceError SignatureNotMatch, Unauthorized, PostBodyInvalid
 */
export function checkBody({ version }: PresentedSignature, headers: SignedRequest["headers"], body: Uint8Array): void {
  if (version === 1) {
    checkBodyV1(headers, body);
  } else {
    checkBodyV4(headers, body);
  }
}
