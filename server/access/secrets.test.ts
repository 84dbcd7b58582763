import { createCipheriv, hkdfSync, randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SecretPlace } from "./secrets.ts";

const PLACE: SecretPlace = { purpose: "access-key", rowId: "LTAI0001" };

const ONE = "one secret of at least 32 characters";
const ANOTHER = "another secret of at least 32 characters";

/** The module as a process of its own with this BACKTRAIL_SECRET would have it. */
async function secretsUnder(secret: string, previous = "") {
  vi.stubEnv("BACKTRAIL_SECRET", secret);
  vi.stubEnv("BACKTRAIL_SECRET_PREVIOUS", previous);
  vi.resetModules();
  return await import("./secrets.ts");
}

let secrets: Awaited<ReturnType<typeof secretsUnder>>;

beforeEach(async () => {
  secrets = await secretsUnder(ONE);
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

  test("has a version, the id of its key, three more parts, and shows nothing of the plaintext", () => {
    const stored = secrets.encryptSecret("plaintext", PLACE);
    expect(stored).toMatch(/^v2\.[\w-]{8}\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(stored.startsWith(secrets.presentPrefix())).toBe(true);
    expect(stored).not.toContain(Buffer.from("plaintext").toString("base64url"));
  });

  test("differs each time it is stored", () => {
    expect(secrets.encryptSecret("same", PLACE)).not.toBe(secrets.encryptSecret("same", PLACE));
  });

  test("can be read by another process with the same BACKTRAIL_SECRET", async () => {
    const stored = secrets.encryptSecret("kept", PLACE);
    const other = await secretsUnder(ONE);
    expect(other.decryptSecret(stored, PLACE)).toBe("kept");
  });

  test("cannot be read under another BACKTRAIL_SECRET", async () => {
    const stored = secrets.encryptSecret("kept", PLACE);
    const other = await secretsUnder(ANOTHER);
    expect(() => other.decryptSecret(stored, PLACE)).toThrow(/cannot be read/);
    const third = await secretsUnder(ANOTHER, "a third secret of at least 32 characters");
    expect(() => third.decryptSecret(stored, PLACE)).toThrow(/cannot be read/);
  });

  test("can be read while its BACKTRAIL_SECRET is the previous one, and what is stored then is under the present one", async () => {
    const stored = secrets.encryptSecret("kept", PLACE);
    const during = await secretsUnder(ANOTHER, ONE);
    expect(during.decryptSecret(stored, PLACE)).toBe("kept");
    expect(stored.startsWith(during.presentPrefix())).toBe(false);
    const renewed = during.encryptSecret("kept", PLACE);
    const after = await secretsUnder(ANOTHER);
    expect(after.decryptSecret(renewed, PLACE)).toBe("kept");
    expect(renewed.startsWith(after.presentPrefix())).toBe(true);
  });

  test("under the name of another key is refused, also where that key is at hand", async () => {
    const stored = secrets.encryptSecret("kept", PLACE);
    const during = await secretsUnder(ANOTHER, ONE);
    const [, ownId = ""] = stored.split(".");
    const [, otherId = ""] = during.presentPrefix().split(".");
    const renamed = stored.replace(ownId, otherId);
    expect(() => during.decryptSecret(renamed, PLACE)).toThrow(/cannot be read/);
  });

  test("of the first version, which named no key, is read under either secret", async () => {
    const stored = storedByFirstVersion("kept", ONE);
    expect(secrets.decryptSecret(stored, PLACE)).toBe("kept");
    const during = await secretsUnder(ANOTHER, ONE);
    expect(during.decryptSecret(stored, PLACE)).toBe("kept");
    expect(() => during.decryptSecret(stored, { ...PLACE, rowId: "LTAI0002" })).toThrow(/cannot be read/);
    const after = await secretsUnder(ANOTHER);
    expect(() => after.decryptSecret(stored, PLACE)).toThrow(/cannot be read/);
  });

  test.each<[string, SecretPlace]>([
    ["another row", { ...PLACE, rowId: "LTAI0002" }],
    ["another purpose", { ...PLACE, purpose: "log-project" }],
  ])("cannot be read as that of %s", (_, place) => {
    const stored = secrets.encryptSecret("kept", PLACE);
    expect(() => secrets.decryptSecret(stored, place)).toThrow(/cannot be read/);
  });

  test.each<[string, (parts: string[]) => string[]]>([
    ["another version", ([, ...rest]) => ["v3", ...rest]],
    ["the first version's name", ([, , ...rest]) => ["v1", ...rest]],
    ["the first version's name and a key's", ([, ...rest]) => ["v1", ...rest]],
    ["no tag", (parts) => parts.slice(0, 4)],
    ["no key", ([version = "", , ...rest]) => [version, ...rest]],
    ["a shortened tag", (parts) => [...parts.slice(0, 4), parts[4]?.slice(0, 16) ?? ""]],
    ["a part too many", (parts) => [...parts, ""]],
    ["a changed ciphertext", (parts) => [...parts.slice(0, 3), "AAAA", parts[4] ?? ""]],
    ["nothing", () => []],
  ])("with %s is refused, and the fault does not show it", (_, change) => {
    const stored = change(secrets.encryptSecret("kept", PLACE).split(".")).join(".");
    expect(() => secrets.decryptSecret(stored, PLACE)).toThrow(/access-key LTAI0001/);
  });
});

describe("what better-auth takes of a secret", () => {
  test("is a key and a number, the same at every start and others for another secret", async () => {
    const { secrets: own, secret } = secrets.authSecrets();
    expect(own).toEqual([{ version: expect.any(Number), value: secret }]);
    expect((await secretsUnder(ONE)).authSecrets()).toEqual({ secrets: own, secret });
    const [another] = (await secretsUnder(ANOTHER)).authSecrets().secrets;
    expect(another?.version).not.toBe(own[0]?.version);
    expect(another?.value).not.toBe(secret);
    expect(own.every(({ version }) => Number.isSafeInteger(version))).toBe(true);
  });

  test("has the previous secret's behind its own, which is also for what names none", async () => {
    const before = secrets.authSecrets();
    const during = (await secretsUnder(ANOTHER, ONE)).authSecrets();
    expect(during.secrets).toHaveLength(2);
    expect(during.secrets[1]).toEqual(before.secrets[0]);
    expect(during.secret).toBe(before.secret);
    expect((await secretsUnder(ONE, ONE)).authSecrets()).toEqual(before);
  });
});

/** As releases before the second version stored it. */
function storedByFirstVersion(plaintext: string, secret: string): string {
  const key = Buffer.from(hkdfSync("sha256", secret, "backtrail", "stored secrets v1", 32));
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(Buffer.from(JSON.stringify(["v1", PLACE.purpose, PLACE.rowId])));
  const parts = [iv, Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]), cipher.getAuthTag()];
  return ["v1", ...parts.map((part) => part.toString("base64url"))].join(".");
}
