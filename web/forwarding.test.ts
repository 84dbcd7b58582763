import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { parseEnv } from "@/server/env.ts";
import { settleForwarding } from "./forwarding.ts";

const { TRUSTED_PROXIES: PROXIES } = parseEnv({ TRUSTED_PROXIES: "10.0.0.0/8" });

function settle(peer: string, headers: Record<string, string>, isPublicTls = false) {
  const request = { headers: { ...headers }, socket: { remoteAddress: peer } } as unknown as IncomingMessage;
  const isTls = settleForwarding(request, PROXIES, isPublicTls);
  return { isTls, headers: request.headers };
}

const FORGED = {
  "x-forwarded-for": "203.0.113.9",
  "x-forwarded-proto": "https",
  "x-forwarded-host": "evil.example",
  "x-forwarded-port": "1",
  "x-real-ip": "203.0.113.9",
  forwarded: "for=203.0.113.9;host=evil.example",
};

describe("what a request says of where it comes from", () => {
  it("counts for nothing when a stranger says it", () => {
    expect(settle("198.51.100.1", FORGED)).toEqual({
      isTls: false,
      headers: { "x-forwarded-for": "198.51.100.1", "x-forwarded-proto": "http" },
    });
  });

  it("counts when a trusted proxy says it, but for the host, which a proxy has to keep", () => {
    expect(settle("10.0.0.1", FORGED)).toEqual({
      isTls: true,
      headers: { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" },
    });
  });

  it("is TLS as the nearest proxy had it, not as somebody before it says", () => {
    expect(settle("10.0.0.1", { "x-forwarded-proto": "https, http" }).isTls).toBe(false);
  });

  it("is TLS wherever the console's public address has it", () => {
    expect(settle("198.51.100.1", {}, true).isTls).toBe(true);
  });
});
