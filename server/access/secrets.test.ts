import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SecretPlace } from "./secrets.ts";

const PLACE: SecretPlace = { purpose: "access-key", rowId: "LTAI0001" };

/** The module as a process of its own with this BACKTRAIL_SECRET would have it. */
async function secretsUnder(secret: string) {
  vi.stubEnv("BACKTRAIL_SECRET", secret);
  vi.resetModules();
  return await import("./secrets.ts");
}

let secrets: Awaited<ReturnType<typeof secretsUnder>>;

beforeEach(async () => {
  secrets = await secretsUnder("one secret of at least 32 characters");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a stored secret", () => {
  test.each(["x", "", "a secret of 40 characters, more or less.", "密钥 🔑"])(
    "comes back as it was: %j",
    (plaintext) => {
      expect(secrets.decryptSecret(secrets.encryptSecret(plaintext, PLACE), PLACE)).toBe(plaintext);
    },
  );

  test("has a version, four parts, and shows nothing of the plaintext", () => {
    const stored = secrets.encryptSecret("plaintext", PLACE);
    expect(stored).toMatch(/^v1\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(stored).not.toContain(Buffer.from("plaintext").toString("base64url"));
  });

  test("differs each time it is stored", () => {
    expect(secrets.encryptSecret("same", PLACE)).not.toBe(secrets.encryptSecret("same", PLACE));
  });

  test("can be read by another process with the same BACKTRAIL_SECRET", async () => {
    const stored = secrets.encryptSecret("kept", PLACE);
    const other = await secretsUnder("one secret of at least 32 characters");
    expect(other.decryptSecret(stored, PLACE)).toBe("kept");
  });

  test("cannot be read under another BACKTRAIL_SECRET", async () => {
    const stored = secrets.encryptSecret("kept", PLACE);
    const other = await secretsUnder("another secret of at least 32 characters");
    expect(() => other.decryptSecret(stored, PLACE)).toThrow(/cannot be read/);
  });

  test.each<[string, SecretPlace]>([
    ["another row", { ...PLACE, rowId: "LTAI0002" }],
    ["another purpose", { ...PLACE, purpose: "log-project" }],
  ])("cannot be read as that of %s", (_, place) => {
    const stored = secrets.encryptSecret("kept", PLACE);
    expect(() => secrets.decryptSecret(stored, place)).toThrow(/cannot be read/);
  });

  test.each<[string, (parts: string[]) => string[]]>([
    ["another version", ([, ...rest]) => ["v2", ...rest]],
    ["no tag", (parts) => parts.slice(0, 3)],
    ["a shortened tag", ([version = "", iv = "", text = "", tag = ""]) => [version, iv, text, tag.slice(0, 16)]],
    ["a part too many", (parts) => [...parts, ""]],
    ["a changed ciphertext", ([version = "", iv = "", , tag = ""]) => [version, iv, "AAAA", tag]],
    ["nothing", () => []],
  ])("with %s is refused, and the fault does not show it", (_, change) => {
    const stored = change(secrets.encryptSecret("kept", PLACE).split(".")).join(".");
    expect(() => secrets.decryptSecret(stored, PLACE)).toThrow(/access-key LTAI0001/);
  });
});

describe("a derived key", () => {
  test("is 32 bytes, the same for the same label and another for another", () => {
    expect(secrets.deriveKey("a")).toHaveLength(32);
    expect(secrets.deriveKey("a")).toEqual(secrets.deriveKey("a"));
    expect(secrets.deriveKey("a")).not.toEqual(secrets.deriveKey("b"));
  });
});
