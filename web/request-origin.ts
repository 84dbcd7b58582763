import type { IncomingHttpHeaders } from "node:http";

/** Why a request is not answered: it comes from another site's page, or does not say where it comes from. */
export type ForeignRequest = "ForeignOrigin" | "MissingOrigin";

/** Methods that change nothing. */
const READING_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

type OriginHeaders = Pick<IncomingHttpHeaders, "origin" | "host" | "sec-fetch-site" | "sec-fetch-mode">;

/**
 * Whether a request may be from another site's page, and why; null for one that is our own. A request that changes something has to name
 * its origin, as every browser makes it do; Next's own check lets one without an origin through. One that reads may come without, when
 * somebody follows a link or types an address, but not from within another page.
 * @param isTls whether the client's connection is known to have TLS. When it is not, a proxy that we know nothing of may end TLS in front of us,
 *   so both schemes are ours.
 */
export function foreignnessOf(method: string, headers: OriginHeaders, isTls: boolean): ForeignRequest | null {
  const { origin, host } = headers;
  if (origin !== undefined) {
    const isOwn = origin === `https://${host}` || (!isTls && origin === `http://${host}`);
    return isOwn ? null : "ForeignOrigin";
  }
  if (!READING_METHODS.includes(method)) {
    return "MissingOrigin";
  }
  const isFromAnotherSite = ["cross-site", "same-site"].includes(headers["sec-fetch-site"] ?? "");
  return isFromAnotherSite && headers["sec-fetch-mode"] !== "navigate" ? "ForeignOrigin" : null;
}
