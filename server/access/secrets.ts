import "server-only";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { requiredSecrets } from "@/server/env.ts";

/** What a stored secret is for. Part of what it is bound to, so that no secret can stand in for one of another kind. */
export type SecretPurpose = "access-key" | "log-project";

/** The row that holds the ciphertext, and why. */
export type SecretPlace = { readonly purpose: SecretPurpose; readonly rowId: string };

const VERSION = "v2";
/** Of releases whose ciphertexts did not name their key. Still read, and written anew by `npm run rotate-secret`. */
const FIRST_VERSION = "v1";
/** What GCM was made for; a random one is safe for some 2^32 secrets under one key (NIST SP 800-38D, 8.3). */
const IV_BYTES = 12;
/** The whole tag: node accepts shorter ones when not told, and each missing bit makes a forgery easier. */
const TAG_BYTES = 16;
/** Tells the few secrets of an installation's life apart; as a number it is one that JavaScript holds exactly. */
const SECRET_ID_BYTES = 6;

/**
 * A key of 32 bytes for one use, derived from a secret by HKDF-SHA256. Different labels give independent keys, so that one
 * that leaks says nothing about the others.
 */
function derive(secret: string, label: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "backtrail", label, 32));
}

/** Names a secret in what is stored under it, and says nothing about it or its keys. */
function secretIdOf(secret: string): Buffer {
  return derive(secret, "secret id v1").subarray(0, SECRET_ID_BYTES);
}

type StorageKey = { readonly id: string; readonly key: Buffer };

let derived: readonly [StorageKey, ...StorageKey[]] | undefined;

/** The key that is stored under first, then those that are read as well while BACKTRAIL_SECRET is rotated. */
function storageKeys(): readonly [StorageKey, ...StorageKey[]] {
  derived ??= deriveStorageKeys();
  return derived;
}

function deriveStorageKeys(): readonly [StorageKey, ...StorageKey[]] {
  const [present, ...others] = requiredSecrets();
  return [storageKeyOf(present), ...others.map(storageKeyOf)];
}

function storageKeyOf(secret: string): StorageKey {
  return { id: secretIdOf(secret).toString("base64url"), key: derive(secret, "stored secrets v1") };
}

/**
 * What better-auth takes of us: a key per secret, under the number that its ciphertexts name. It signs cookies and encrypts authenticators
 * with the first. `secret` is for authenticators from before ciphertexts named their secret: better-auth tries one, the one before as it is. Where
 * such an authenticator is under another of them, it holds again once `npm run rotate-secret`, which tries all, has written it anew.
 * @throws SettingError when the process has no secret.
 */
export function authSecrets(): { readonly secrets: { version: number; value: string }[]; readonly secret: string } {
  const [present, previous = present] = requiredSecrets();
  return {
    secrets: requiredSecrets().map((secret) => ({
      version: secretIdOf(secret).readUIntBE(0, SECRET_ID_BYTES),
      value: authKeyOf(secret),
    })),
    secret: authKeyOf(previous),
  };
}

function authKeyOf(secret: string): string {
  return derive(secret, "sessions v1").toString("base64url");
}

/** JSON keeps the parts apart: no purpose and row can run together into those of another place. */
function boundTo(form: readonly string[], { purpose, rowId }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([...form, purpose, rowId]));
}

/** What every ciphertext under the present BACKTRAIL_SECRET begins with, and no other. */
export function presentPrefix(): string {
  return `${VERSION}.${storageKeys()[0].id}.`;
}

/**
 * AES-256-GCM under a key derived from BACKTRAIL_SECRET, bound to the key's id, the purpose and the row. The result is
 * `v2.<key id>.<iv>.<ciphertext>.<tag>`, each part but the first base64url; it differs at every call.
 */
export function encryptSecret(plaintext: string, place: SecretPlace): string {
  const [{ id, key }] = storageKeys();
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo([VERSION, id], place));
  const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  return [VERSION, id, ...[iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString("base64url"))].join(".");
}

/** A stored secret that gives no plaintext: its text has no known form, was changed, or was stored elsewhere or under another BACKTRAIL_SECRET. */
export class UnreadableSecretError extends Error {
  override readonly name = "UnreadableSecretError";
}

/**
 * The plaintext of what encryptSecret made for the same place, under the present BACKTRAIL_SECRET or the one before it.
 * @throws UnreadableSecretError, a fault and no refusal, when the text is not of a known version, was changed, was made for another row or
 * purpose, or under another BACKTRAIL_SECRET. It never names the text.
 */
export function decryptSecret(stored: string, place: SecretPlace): string {
  const parsed = parseStored(stored);
  if (parsed === null) {
    throw new UnreadableSecretError(`The secret stored for ${place.purpose} ${place.rowId} has no known form.`);
  }
  for (const { id, key } of storageKeys()) {
    const plaintext = parsed.keyId === null || parsed.keyId === id ? decryptWith(key, parsed, place) : null;
    if (plaintext !== null) {
      return plaintext;
    }
  }
  throw new UnreadableSecretError(
    `The secret stored for ${place.purpose} ${place.rowId} cannot be read: it was changed or moved, or BACKTRAIL_SECRET is not the one it was stored under.`,
  );
}

type Stored = {
  /** What it is bound to beside its place. */
  readonly form: readonly string[];
  /** Null in the first version, which may be under any key. */
  readonly keyId: string | null;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
};

function parseStored(stored: string): Stored | null {
  const [version = "", ...parts] = stored.split(".");
  const keyId = version === VERSION ? parts.shift() : null;
  const [iv, ciphertext, tag] = parts.map((part) => Buffer.from(part, "base64url"));
  if (
    (version !== VERSION && version !== FIRST_VERSION) ||
    keyId === undefined ||
    parts.length !== 3 ||
    iv?.length !== IV_BYTES ||
    tag?.length !== TAG_BYTES ||
    !ciphertext
  ) {
    return null;
  }
  return { form: keyId === null ? [version] : [version, keyId], keyId, iv, ciphertext, tag };
}

/** Null when it was not made with this key for this place, or was changed. */
function decryptWith(key: Buffer, { form, iv, ciphertext, tag }: Stored, place: SecretPlace): string | null {
  const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES })
    .setAAD(boundTo(form, place))
    .setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}
