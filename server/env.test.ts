import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseEnv, SettingError } from "./env.ts";

const example = Object.fromEntries(
  readFileSync(join(import.meta.dirname, "../.env.example"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line): [string, string] => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
);

describe(".env.example", () => {
  it("says what holds when nothing is set", () => {
    expect(parseEnv(example)).toEqual(parseEnv({}));
  });

  it("is known in full", () => {
    const rows = Object.entries({
      DATABASE_URL: "postgresql://a@b/c",
      MIGRATION_DATABASE_URL: "postgresql://a@b/c",
      BACKTRAIL_SECRET: "x".repeat(32),
      BACKTRAIL_SECRET_PREVIOUS: "y".repeat(32),
      LOG_SERVICE_ENDPOINT: "http://127.0.0.1:3001",
      PUBLIC_URL: "https://console.example",
      SMTP_URL: "smtps://mail.example",
      MAIL_FROM: "Backtrail <backtrail@console.example>",
      OIDC_ISSUER: "https://identity.example",
      OIDC_CLIENT_ID: "backtrail",
      OIDC_CLIENT_SECRET: "x".repeat(32),
      ADMIN_PASSWORD: "x".repeat(12),
      SAMPLE: "on",
    });
    expect(Object.keys(parseEnv({ ...example, ...Object.fromEntries(rows) })).toSorted()).toEqual(
      Object.keys(example).toSorted(),
    );
  });
});

describe("a bad setting", () => {
  it.each([
    ["PORT", "3000x"],
    ["API_PORT", "70000"],
    ["DATABASE_URL", "mysql://localhost/x"],
    ["BACKTRAIL_SECRET", "short"],
    ["BACKTRAIL_SECRET_PREVIOUS", "short"],
    ["BACKTRAIL_REGION", "Hangzhou"],
    ["ADMIN_EMAIL", "nobody"],
    ["ADMIN_PASSWORD", "short"],
    ["ACCOUNT_ID", "123"],
    ["SAMPLE", "yes"],
    ["LOG_LEVEL", "loud"],
    ["SECOND_FACTOR", "on"],
    ["SECOND_FACTOR", "Required"],
    ["PRIVATE_ENDPOINTS", "10.0.0"],
    ["TRUSTED_PROXIES", "proxy.example"],
    ["PUBLIC_URL", "https://console.example/path"],
    ["PRIVATE_ENDPOINTS", "10.0.0.0/33"],
    ["PRIVATE_ENDPOINTS", "10.0.0.0/8,"],
  ])("%s=%s is named in one sentence", (name, value) => {
    const parse = () => parseEnv({ [name]: value });
    expect(parse).toThrow(SettingError);
    expect(parse).toThrow(new RegExp(`^The setting ${name} is not valid: [^\\n]+\\.$`));
  });

  it("SECOND_FACTOR is told which values it may have, and demands nothing unless it is set", () => {
    expect(() => parseEnv({ SECOND_FACTOR: "yes" })).toThrow(
      "The setting SECOND_FACTOR is not valid: must be optional or required.",
    );
    expect(parseEnv({}).SECOND_FACTOR).toBe("optional");
    expect(parseEnv({ SECOND_FACTOR: "required" }).SECOND_FACTOR).toBe("required");
  });

  it("MIGRATION_DATABASE_URL without DATABASE_URL is named instead of being left aside", () => {
    expect(() => parseEnv({ MIGRATION_DATABASE_URL: "postgresql://a@b/c" })).toThrow(SettingError);
  });
});
