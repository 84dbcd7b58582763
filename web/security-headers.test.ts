import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { contentSecurityPolicy, makeNonce, SONNER_STYLE_DIGEST, securityHeaders } from "./security-headers.ts";

const policy = Object.fromEntries(
  contentSecurityPolicy("n0nce")
    .split("; ")
    .map((directive): [string, string] => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
);

describe("the content security policy", () => {
  it("lets scripts run by the answer's nonce alone, and nothing in from elsewhere", () => {
    expect(policy).toMatchObject({
      "default-src": "'none'",
      "script-src": "'nonce-n0nce' 'strict-dynamic'",
      "connect-src": "'self'",
      "form-action": "'self'",
      "base-uri": "'none'",
      "frame-ancestors": "'none'",
    });
    expect(JSON.stringify(policy)).not.toMatch(/unsafe-eval|https?:|\*/);
  });

  it("lets in as they are style attributes, and nothing else", () => {
    const unsafe = Object.entries(policy).filter(([, sources]) => sources.includes("unsafe"));
    expect(unsafe).toEqual([["style-src-attr", "'unsafe-inline'"]]);
  });

  it("knows sonner's style by its digest", () => {
    const source = readFileSync(fileURLToPath(import.meta.resolve("sonner")), "utf8");
    const [, literal = ""] = /^__insertCSS\((".*")\);$/m.exec(source) ?? [];
    const digest = createHash("sha256").update(JSON.parse(literal)).digest("base64");
    expect(SONNER_STYLE_DIGEST).toBe(`sha256-${digest}`);
  });
});

describe("a nonce", () => {
  it("has 144 bits, as the policy's grammar and Next read them, and is never the same", () => {
    const nonces = Array.from({ length: 100 }, makeNonce);
    expect(nonces.every((nonce) => /^[A-Za-z0-9+/]{24}$/.test(nonce))).toBe(true);
    expect(new Set(nonces).size).toBe(100);
  });
});

describe("TLS", () => {
  it("is asked for to stay for a year where there is any", () => {
    expect(securityHeaders("n", true)["strict-transport-security"]).toBe("max-age=31536000; includeSubDomains");
    expect(securityHeaders("n", false)).not.toHaveProperty("strict-transport-security");
  });
});
