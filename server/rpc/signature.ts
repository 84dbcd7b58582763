import { createHmac, timingSafeEqual } from "node:crypto";
import type { RpcErrorFacts } from "@/domain/rpc/rpc-error.ts";
import type { Parameter } from "./percent-encoding.ts";

/** A request as it came, before anything in it is believed. */
export type RpcRequestParts = {
  readonly method: string;
  /** As it stands on the wire, without the query. */
  readonly path: string;
  readonly query: readonly Parameter[];
  /** Of a form in the body; empty for any other. */
  readonly form: readonly Parameter[];
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
};

/** What a request says about who signed it and when, not verified yet. */
export type PresentedSignature = {
  readonly action: string;
  readonly version: string;
  readonly accessKeyId: string;
  readonly nonce: string;
  readonly signedAt: Date;
  /** How far the time of signing may be from ours, either way. */
  readonly skewMsMax: number;
  /** As it was sent. */
  readonly signature: string;
  readonly stringToSign: string;
  /** The text that the secret makes of the string to sign. */
  readonly sign: (secret: string) => string;
};

/** What stands in for the secret of a key that does not exist, so that a made-up id costs as much time as a real one. */
const NO_SECRET = "0".repeat(30);

/**
 * Whether the request was signed with this secret. In constant time: how much of a guess is right does not show.
 * @param secret null when the key does not exist; the same work is done
 */
export function isSignedWith(presented: PresentedSignature, secret: string | null): boolean {
  const expected = Buffer.from(presented.sign(secret ?? NO_SECRET));
  const given = Buffer.from(presented.signature);
  const isEqual = given.length === expected.length && timingSafeEqual(given, expected);
  return isEqual && secret !== null;
}

/** Whether the time of signing is near enough to ours. */
export function isFresh({ signedAt, skewMsMax }: PresentedSignature, now: Date): boolean {
  return Math.abs(now.getTime() - signedAt.getTime()) <= skewMsMax;
}

/** The end of the time in which the same request would be taken again, but for its nonce. */
export function freshUntil({ signedAt, skewMsMax }: PresentedSignature): Date {
  return new Date(signedAt.getTime() + skewMsMax);
}

/** yyyy-MM-ddTHH:mm:ssZ, and nothing else; null for any other text. */
export function parseSigningTime(text: string): Date | null {
  const time = new Date(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? text : Number.NaN);
  // A day that no month has is moved to another by the parser.
  return Number.isNaN(time.getTime()) || `${time.toISOString().slice(0, 19)}Z` !== text ? null : time;
}

/** A string to sign may be as long as the request; a client that compares it with its own has enough in this. */
const STRING_TO_SIGN_LENGTH_MAX = 2_000;

/** What helps a client find out why its signature is another. All of it came with the request. */
export function mismatchFacts({ stringToSign }: PresentedSignature): RpcErrorFacts {
  return { stringToSign: stringToSign.slice(0, STRING_TO_SIGN_LENGTH_MAX) };
}

export function hmac(algorithm: "sha1" | "sha256", secret: string, text: string): Buffer {
  return createHmac(algorithm, secret).update(text).digest();
}
