import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { type AddressRange, parseAddressRange } from "@/domain/network/address-range.ts";
import { mayBeDialled } from "./inward-address.ts";

const NOTHING: AddressRange[] = [];

function rangesOf(...texts: string[]): AddressRange[] {
  return texts.map((text) => parseAddressRange(text) ?? expect.unreachable(text));
}

describe("an address that nobody permitted", () => {
  it.each([
    ["loopback", "127.0.0.1"],
    ["loopback further on", "127.255.255.254"],
    ["unspecified", "0.0.0.0"],
    ["this network", "0.1.2.3"],
    ["private, 10", "10.0.0.1"],
    ["private, 172.16", "172.16.0.1"],
    ["private, 172.31", "172.31.255.255"],
    ["private, 192.168", "192.168.1.1"],
    ["a carrier's", "100.64.0.1"],
    ["link-local", "169.254.1.1"],
    ["a cloud's metadata", "169.254.169.254"],
    ["another cloud's metadata", "100.100.100.200"],
    ["a third cloud's, in public space", "168.63.129.16"],
    ["protocol assignments", "192.0.0.1"],
    ["documentation", "192.0.2.1"],
    ["documentation", "198.51.100.1"],
    ["documentation", "203.0.113.1"],
    ["benchmarks", "198.18.0.1"],
    ["a 6to4 relay", "192.88.99.1"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["loopback", "::1"],
    ["unspecified", "::"],
    ["mapped loopback", "::ffff:127.0.0.1"],
    ["mapped, in hexadecimal", "::ffff:7f00:1"],
    ["mapped, written out", "0:0:0:0:0:ffff:0a00:0001"],
    ["compatible", "::127.0.0.1"],
    ["translated", "::ffff:0:127.0.0.1"],
    ["NAT64 to loopback", "64:ff9b::127.0.0.1"],
    ["NAT64 to metadata", "64:ff9b::a9fe:a9fe"],
    ["NAT64 of a network's own", "64:ff9b:1::1"],
    ["6to4 to loopback", "2002:7f00:1::"],
    ["Teredo", "2001:0:7f00:1::"],
    ["unique local", "fd00::1"],
    ["unique local", "fc00::1"],
    ["a cloud's metadata", "fd00:ec2::254"],
    ["link-local", "fe80::1"],
    ["link-local with a zone", "fe80::1%eth0"],
    ["site-local", "fec0::1"],
    ["multicast", "ff02::1"],
    ["documentation", "2001:db8::1"],
    ["documentation", "3fff::1"],
    ["discard", "100::1"],
    ["no address at all", "localhost"],
    ["no address at all", ""],
  ])("is not dialled: %s, %s", (_, address) => {
    expect(mayBeDialled(address, NOTHING)).toBe(false);
  });

  it.each([
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.32.0.1",
    "2606:4700::1111",
    "64:ff9b::8.8.8.8",
    "::ffff:8.8.8.8",
  ])("is dialled when it is on the public Internet: %s", (address) => {
    expect(mayBeDialled(address, NOTHING)).toBe(true);
  });

  it("is not dialled when it is this machine's own", () => {
    const own = Object.values(networkInterfaces()).flatMap((ofInterface) => ofInterface ?? []);
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter(({ address }) => mayBeDialled(address, NOTHING))).toEqual([]);
  });
});

describe("a range that the operator permits", () => {
  it("is dialled in every spelling, and nothing beside it", () => {
    const permitted = rangesOf("10.1.0.0/16", "fd12::/16");
    for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "::ffff:a01:203", "64:ff9b::10.1.2.3", "fd12::1"]) {
      expect(mayBeDialled(address, permitted)).toBe(true);
    }
    for (const address of ["10.2.0.1", "::ffff:10.2.0.1", "fd13::1", "127.0.0.1"]) {
      expect(mayBeDialled(address, permitted)).toBe(false);
    }
  });

  it.each(["169.254.169.254", "100.100.100.200", "::ffff:169.254.169.254", "fd00:ec2::254"])(
    "never opens a cloud's metadata: %s",
    (address) => {
      expect(mayBeDialled(address, rangesOf("0.0.0.0/0", "::/0"))).toBe(false);
    },
  );
});
