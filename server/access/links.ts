import "server-only";
import { createHash, randomBytes } from "node:crypto";
import type { LinkPage } from "@/domain/access/schema.ts";

/** 256 bits: nobody guesses one, so that a digest without salt is enough to store. */
const TOKEN_BYTES = 32;

/** The secret of a link that is given to one person. */
export function makeLinkToken(): { readonly token: string; readonly hash: Uint8Array<ArrayBuffer> } {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  return { token, hash: linkTokenHash(token) };
}

/**
 * Where a link leads. Its secret is in the fragment, which no browser sends: it is in no log on the way and no Referer. The page hands it in
 * (components/access/opened-link.tsx).
 */
export function linkPath(page: LinkPage, token: string): string {
  return `/${page}#token=${token}`;
}

/** The name, without its prefix, of the cookie by which a page knows the secret of the link that was opened in this browser. */
export function linkCookie(page: LinkPage): string {
  return `link_${page}`;
}

/** What is stored of the token: who reads the database cannot follow the link. */
export function linkTokenHash(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(token).digest());
}
