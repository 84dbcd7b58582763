import { describe, expect, it } from "vitest";
import { parseEnv } from "@/server/env.ts";
import { clientAddress, isForwardedTls } from "./client-address.ts";

const { TRUSTED_PROXIES: NONE } = parseEnv({});
const { TRUSTED_PROXIES: PROXIES } = parseEnv({ TRUSTED_PROXIES: "10.0.0.0/8,fd00::/8" });

describe("the client's address", () => {
  it.each([
    ["the socket's, whatever a client says", "203.0.113.7", "198.51.100.1", NONE, "203.0.113.7"],
    ["the socket's, when no proxy is there", "203.0.113.7", "198.51.100.1", PROXIES, "203.0.113.7"],
    ["whom the proxy had it from", "10.0.0.1", "198.51.100.1", PROXIES, "198.51.100.1"],
    ["not what the client put before it", "10.0.0.1", "1.2.3.4, 198.51.100.1", PROXIES, "198.51.100.1"],
    ["not what the client put before it, as a proxy's", "10.0.0.1", "10.9.9.9, 198.51.100.1", PROXIES, "198.51.100.1"],
    [
      "behind several proxies the first stranger",
      "10.0.0.1",
      "1.2.3.4,198.51.100.1 , 10.0.0.2",
      PROXIES,
      "198.51.100.1",
    ],
    ["the proxy's own, when it names nobody", "10.0.0.1", "", PROXIES, "10.0.0.1"],
    ["the proxy's own, when it names nonsense", "10.0.0.1", "unknown", PROXIES, "10.0.0.1"],
    ["the last proxy's before nonsense", "10.0.0.1", "1.2.3.4, _hidden, 10.0.0.2", PROXIES, "10.0.0.2"],
    ["the first of all, when all are proxies", "10.0.0.1", "10.0.0.3, 10.0.0.2", PROXIES, "10.0.0.3"],
    ["the same in IPv6 clothes", "::ffff:10.0.0.1", "::ffff:198.51.100.1", PROXIES, "198.51.100.1"],
    ["of IPv6 too", "fd00::1", "1.2.3.4, 2001:DB8::1", PROXIES, "2001:db8::1"],
    ["of IPv6 without its zone", "fe80::1%eth0", "", PROXIES, "fe80::1"],
    ["unknown, when the socket is gone", null, "198.51.100.1", PROXIES, null],
    ["never an address with a port", "10.0.0.1", "198.51.100.1:4711", PROXIES, "10.0.0.1"],
  ])("is %s", (_, peer, forwardedFor, proxies, expected) => {
    expect(clientAddress(peer, forwardedFor, proxies)).toBe(expected);
  });
});

describe("TLS that a proxy ends", () => {
  it.each([
    ["is there when a proxy that is named says so", "10.0.0.1", "https", true],
    ["is there when one says so in IPv6 clothes", "::ffff:10.0.0.1", "https", true],
    ["is not there when it had the request without", "10.0.0.1", "http", false],
    ["is not there when the client alone says so", "10.0.0.1", "https, http", false],
    ["is there as the nearest proxy had it", "10.0.0.1", "http, https", true],
    ["is not there when the proxy says nothing", "10.0.0.1", "", false],
    ["is not there when a stranger says so", "198.51.100.1", "https", false],
    ["is not there when the socket is gone", null, "https", false],
  ])("%s", (_, peer, forwardedProto, expected) => {
    expect(isForwardedTls(peer, forwardedProto, PROXIES)).toBe(expected);
  });
});
