/** Four bytes of IPv4 or sixteen of IPv6. */
export type Address = readonly number[];

/** The addresses that begin with these bits. */
export type AddressRange = { readonly bytes: Address; readonly bits: number };

/** An IPv4 address as four bytes, an IPv6 address as sixteen, or null. IPv4 inside IPv6 is IPv4: sockets of both kinds write it so. */
export function parseAddress(text: string): Address | null {
  const bytes = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  const isMapped = bytes?.length === 16 && bytes.every((byte, index) => index > 11 || byte === (index < 10 ? 0 : 0xff));
  return isMapped ? bytes.slice(12) : bytes;
}

/** An address, or one with the number of bits that count, as 10.0.0.0/8. */
export function parseAddressRange(text: string): AddressRange | null {
  const [address = "", length, ...rest] = text.split("/");
  const bytes = parseAddress(address);
  if (bytes === null || rest.length > 0) {
    return null;
  }
  if (length === undefined) {
    return { bytes, bits: bytes.length * 8 };
  }
  const bits = /^(0|[1-9][0-9]{0,2})$/.test(length) ? Number(length) : Number.POSITIVE_INFINITY;
  return bits <= bytes.length * 8 ? { bytes, bits } : null;
}

export function isInRange(address: Address, { bytes, bits }: AddressRange): boolean {
  return (
    address.length === bytes.length &&
    address.every((byte, index) => {
      const ignored = Math.min(8, Math.max(0, (index + 1) * 8 - bits));
      return byte >> ignored === (bytes[index] ?? 0) >> ignored;
    })
  );
}

export function isInOneOf(address: Address, ranges: readonly AddressRange[]): boolean {
  return ranges.some((range) => isInRange(address, range));
}

/** The one spelling of an address: in IPv6 that of the URL standard, with at most one "::" and nothing in decimal. */
export function addressText(address: Address): string {
  if (address.length === 4) {
    return address.join(".");
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((address[index * 2] ?? 0) << 8) | (address[index * 2 + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/**
 * What one client has for itself, so that whatever it tries is counted by it: an IPv4 address, or of IPv6 a /64, in which every device takes
 * as many addresses as it likes (RFC 4862, RFC 8981). What is no address stands for itself.
 */
export function clientNetwork(text: string): string {
  const address = parseAddress(text);
  if (address === null) {
    return text;
  }
  return address.length === 4
    ? addressText(address)
    : `${addressText(address.map((byte, index) => (index < 8 ? byte : 0)))}/64`;
}

function parseIpv4(text: string): number[] | null {
  const parts = text.split(".");
  const isAddress =
    parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256);
  return isAddress ? parts.map(Number) : null;
}

function parseIpv6(text: string): number[] | null {
  const [head = "", tail, ...rest] = text.split("::");
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  if (rest.length > 0 || first === null || last === null) {
    return null;
  }
  const missing = 16 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 2) {
    return null;
  }
  return [...first, ...new Array<number>(missing).fill(0), ...last];
}

/** The bytes of groups of four hexadecimal digits, the last of which may be an IPv4 address. */
function groupsOf(text: string): number[] | null {
  const bytes: number[] = [];
  const groups = text === "" ? [] : text.split(":");
  for (const [index, group] of groups.entries()) {
    const ipv4 = index === groups.length - 1 && group.includes(".") ? parseIpv4(group) : null;
    if (ipv4 !== null) {
      bytes.push(...ipv4);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else {
      return null;
    }
  }
  return bytes;
}
