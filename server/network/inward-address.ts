import { networkInterfaces } from "node:os";
import {
  type Address,
  type AddressRange,
  isInOneOf,
  isInRange,
  parseAddress,
  parseAddressRange,
} from "@/domain/network/address-range.ts";

/**
 * Addresses that are nobody's on the public Internet. Source: IANA's registries of special-purpose addresses for IPv4 and IPv6, the
 * entries that are not globally reachable, and multicast. Of IPv6 only 2000::/3 is given out; all else is refused whole.
 */
const SPECIAL = rangesOf([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/3",
  "4000::/2",
  "8000::/1",
  // Protocol assignments: Teredo, which carries an IPv4 address, is one of them.
  "2001::/23",
  "2001:db8::/32",
  // 6to4, which carries an IPv4 address and leads to whatever relay is near.
  "2002::/16",
  "3fff::/20",
]);

/** Where clouds hand a machine its own credentials. No range that an operator permits may contain them by accident. */
const METADATA = rangesOf([
  "100.100.100.200/32",
  "168.63.129.16/32",
  "169.254.169.254/32",
  "169.254.170.2/32",
  "169.254.170.23/32",
  "192.0.0.192/32",
  "fd00:ec2::23/128",
  "fd00:ec2::254/128",
  "fd20:ce::254/128",
]);

/** What a NAT64 gateway translates to the IPv4 address in the last 32 bits (RFC 6052, 2.1). */
const NAT64 = rangesOf(["64:ff9b::/96"]);

/**
 * Whether a connection on behalf of a person may go to this IP address: to any on the public Internet but this machine's own, and to
 * what the operator permits. Never where clouds keep their machines' credentials.
 * @param text an address as a name server or a person wrote it; what is none, or has a zone, is refused
 */
export function mayBeDialled(text: string, permitted: readonly AddressRange[]): boolean {
  const address = parseAddress(text);
  if (address === null) {
    return false;
  }
  const reached = isInOneOf(address, NAT64) ? address.slice(12) : address;
  if (isInOneOf(reached, METADATA)) {
    return false;
  }
  return isInOneOf(reached, permitted) || !(isInOneOf(reached, SPECIAL) || isOwn(reached));
}

/** A public address of this machine leads to whatever listens on all of its addresses. Read anew: machines get and lose addresses. */
function isOwn(address: Address): boolean {
  return Object.values(networkInterfaces()).some((ofInterface) =>
    ofInterface?.some((own) => {
      const range = parseAddressRange(own.address);
      return range !== null && isInRange(address, range);
    }),
  );
}

function rangesOf(texts: readonly string[]): AddressRange[] {
  return texts.map((text) => {
    const range = parseAddressRange(text);
    if (range === null) {
      throw new Error(`${text} is no address range`);
    }
    return range;
  });
}
