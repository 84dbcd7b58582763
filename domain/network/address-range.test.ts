import { describe, expect, it } from "vitest";
import { addressText, clientNetwork, isInRange, parseAddress, parseAddressRange } from "./address-range.ts";

describe("an address range", () => {
  it.each([
    "10.0.0.0/33",
    "10.0.0/8",
    "::/129",
    "host/8",
    "10.0.0.0/8 ",
    "10.0.0.0/-1",
    "10.0.0.0/08",
    "10.0.0.0/8/8",
    "fe80::1%eth0/64",
    "",
  ])("is not %j", (text) => {
    expect(parseAddressRange(text)).toBeNull();
  });

  it.each([
    ["10.0.0.0/8", "10.255.255.255", "11.0.0.0"],
    ["172.16.0.0/12", "172.31.255.255", "172.32.0.0"],
    ["192.0.2.7", "192.0.2.7", "192.0.2.6"],
    ["0.0.0.0/0", "255.255.255.255", "::1"],
    ["2001::/23", "2001:1ff::1", "2001:200::1"],
    ["::/0", "ffff::", "1.2.3.4"],
  ])("%s holds %s and not %s", (range, inside, outside) => {
    const holds = (text: string) =>
      isInRange(parseAddress(text) ?? expect.unreachable(text), parseAddressRange(range) ?? expect.unreachable(range));
    expect([holds(inside), holds(outside)]).toEqual([true, false]);
  });
});

describe("an address", () => {
  it.each([
    ["1.2.3.4", "::FFFF:1.2.3.4"],
    ["1.2.3.4", "0:0:0:0:0:ffff:0102:0304"],
    ["2001:db8::1", "2001:0DB8:0::0:1"],
    ["::", "0:0:0:0:0:0:0:0"],
  ])("%s is the same as %s", (one, other) => {
    expect(parseAddress(one)).not.toBeNull();
    expect(parseAddress(other)).toEqual(parseAddress(one));
  });

  it.each([
    ["1.2.3.4", "::FFFF:1.2.3.4"],
    ["2001:db8::1", "2001:0DB8:0::0:1"],
    ["2001:db8:0:0:1::", "2001:db8:0:0:1:0:0:0"],
    ["::", "0:0:0:0:0:0:0:0"],
    ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "FFFF:ffff:ffff:ffff:ffff:ffff:255.255.255.255"],
  ])("is written %s, whether it came as that or as %s", (written, other) => {
    expect([written, other].map((text) => addressText(parseAddress(text) ?? expect.unreachable(text)))).toEqual([
      written,
      written,
    ]);
  });

  it.each([
    "01.2.3.4",
    "1.2.3",
    "1.2.3.256",
    "0x7f.1",
    "a.b",
    "::1::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7::8",
    "12345::",
    "",
  ])("is not %j", (text) => {
    expect(parseAddress(text)).toBeNull();
  });
});

describe("a client's network", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
    ["2001:db8:1:3::1", "2001:db8:1:3::/64"],
    ["::1", "::/64"],
    ["unknown", "unknown"],
  ])("of %s is %s", (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });
});
