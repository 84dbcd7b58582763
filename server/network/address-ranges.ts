import { BlockList, isIP } from "node:net";

const CIDR_PATTERN = /^([0-9a-f.:]+)\/(\d{1,3})$/i;

/** An IPv6 address of which the last 32 bits are the IPv4 address that is meant: `::ffff:0:0/96` (RFC 4291, 2.5.5.2). */
const MAPPED_PREFIX = "0:0:0:0:0:ffff";

/**
 * A set of IP addresses. An IPv4 address in IPv6 clothes is the IPv4 address: sockets of a dual stack name it so, and a
 * range that could be avoided by another spelling would be none.
 */
export class AddressRanges {
  // Apart, because one list would find every IPv4 address in an IPv6 range that contains the mapped ones.
  readonly #ofFamily = { 4: new BlockList(), 6: new BlockList() } as const;

  /** @param ranges each as parseRange takes it @throws Error for one that is none */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const parsed = parseRange(range);
      if (parsed === null) {
        throw new Error(`${range} is no address range`);
      }
      const family = familyOf(parsed.address);
      this.#ofFamily[family].addSubnet(parsed.address, parsed.prefix, `ipv${family}`);
    }
  }

  /** False for what is no IP address. */
  includes(address: string): boolean {
    const canonical = canonicalAddress(address);
    if (canonical === null) {
      return false;
    }
    const family = familyOf(canonical);
    return this.#ofFamily[family].check(canonical, `ipv${family}`);
  }
}

function familyOf(address: string): 4 | 6 {
  return isIP(address) === 4 ? 4 : 6;
}

/** The range that a text in CIDR form names (RFC 4632, RFC 4291), such as `10.0.0.0/8`; null for any other text. */
export function parseRange(text: string): { readonly address: string; readonly prefix: number } | null {
  const [, address = "", length = ""] = CIDR_PATTERN.exec(text) ?? [];
  const family = isIP(address);
  const prefix = Number(length);
  return family === 0 || prefix > (family === 4 ? 32 : 128) ? null : { address, prefix };
}

/** The one spelling of an IP address, without a zone; a mapped IPv4 address is that. Null for what is no IP address. */
export function canonicalAddress(text: string): string | null {
  const [address = ""] = text.split("%");
  const family = isIP(address);
  if (family !== 6) {
    return family === 4 ? address : null;
  }
  const groups = groupsOf(address);
  return groups.slice(0, 6).join(":") === MAPPED_PREFIX
    ? embeddedIpv4(groups)
    : new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** The eight groups of an IPv6 address, in hexadecimal without leading zeros. */
export function groupsOf(ipv6: string): string[] {
  // The URL standard's spelling: at most one "::", nothing in decimal.
  const [head = "", tail] = new URL(`http://[${ipv6}]`).hostname.slice(1, -1).split("::");
  const groups = (part: string | undefined) => (part === undefined || part === "" ? [] : part.split(":"));
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array.from({ length: zeros }, () => "0"), ...groups(tail)];
}

/** The IPv4 address in an IPv6 address's last two groups. */
export function embeddedIpv4(groups: readonly string[]): string {
  const [high, low] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return [high, low].flatMap((pair = 0) => [pair >> 8, pair & 255]).join(".");
}
