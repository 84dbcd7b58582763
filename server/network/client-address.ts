import {
  type Address,
  type AddressRange,
  addressText,
  isInOneOf,
  parseAddress,
} from "@/domain/network/address-range.ts";

/**
 * The client's address: of all addresses that a request has come by, the last that is no proxy of the operator's. Each proxy adds whom it
 * had the request from at the end of X-Forwarded-For, so what stands before the first stranger is that stranger's own word and counts for nothing.
 * @param peer the socket's other end; null when it is gone already
 * @param forwardedFor the header X-Forwarded-For, its lines joined with commas; empty without one
 * @param proxies whose word counts: the setting TRUSTED_PROXIES
 */
export function clientAddress(
  peer: string | null,
  forwardedFor: string,
  proxies: readonly AddressRange[],
): string | null {
  let client = peer === null ? null : addressOf(peer);
  const named = forwardedFor.split(",");
  while (client !== null && isInOneOf(client, proxies)) {
    // A proxy that names nobody, or what is no address, speaks for itself.
    const before = addressOf(named.pop()?.trim() ?? "");
    if (before === null) {
      break;
    }
    client = before;
  }
  return client === null ? null : addressText(client);
}

/**
 * Whether a request has come by TLS that a proxy of the operator's ends: the nearest one says so, at the end of X-Forwarded-Proto. What
 * stands before it, and what anybody else says, counts for nothing.
 * @param peer the socket's other end; null when it is gone already
 * @param forwardedProto the header X-Forwarded-Proto, its lines joined with commas; empty without one
 * @param proxies whose word counts: the setting TRUSTED_PROXIES
 */
export function isForwardedTls(peer: string | null, forwardedProto: string, proxies: readonly AddressRange[]): boolean {
  const address = peer === null ? null : addressOf(peer);
  const isProxy = address !== null && isInOneOf(address, proxies);
  return isProxy && forwardedProto.split(",").at(-1)?.trim() === "https";
}

/** A link-local address comes with the zone of its interface, which is no part of it. */
function addressOf(text: string): Address | null {
  return parseAddress(text.replace(/%.*$/, ""));
}
