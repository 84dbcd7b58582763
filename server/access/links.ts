import "server-only";
import { createHash, randomBytes } from "node:crypto";

/** 256 bits: nobody guesses one, so that a digest without salt is enough to store. */
const TOKEN_BYTES = 32;

/** The secret of a link that is given to one person. */
export function makeLinkToken(): { readonly token: string; readonly hash: Uint8Array<ArrayBuffer> } {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  return { token, hash: linkTokenHash(token) };
}

/** What is stored of the token: who reads the database cannot follow the link. */
export function linkTokenHash(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(token).digest());
}
