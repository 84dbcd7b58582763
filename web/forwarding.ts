import type { IncomingMessage } from "node:http";
import type { AddressRange } from "@/domain/network/address-range.ts";
import { clientAddress, isForwardedTls } from "@/server/network/client-address.ts";

/** Headers by which a proxy speaks of the request it had. Next and others believe them of anybody. */
const FORWARDING_HEADERS = [
  "forwarded",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-real-ip",
] as const;

/**
 * Puts what is known of the client in the place of what it says of itself: Next, better-auth and whoever counts or logs by address read
 * these headers and believe them. Only the proxies of TRUSTED_PROXIES are believed.
 * @param proxies whose word counts
 * @param isPublicTls whether the console's public address is one with TLS
 * @returns whether the client's connection has TLS
 */
export function settleForwarding(
  request: IncomingMessage,
  proxies: readonly AddressRange[],
  isPublicTls: boolean,
): boolean {
  const { headers, socket } = request;
  const peer = socket.remoteAddress ?? null;
  const isTls = isPublicTls || isForwardedTls(peer, String(headers["x-forwarded-proto"] ?? ""), proxies);
  const address = clientAddress(peer, String(headers["x-forwarded-for"] ?? ""), proxies);
  for (const name of FORWARDING_HEADERS) {
    delete headers[name];
  }
  headers["x-forwarded-proto"] = isTls ? "https" : "http";
  if (address === null) {
    delete headers["x-forwarded-for"];
  } else {
    headers["x-forwarded-for"] = address;
  }
  return isTls;
}
