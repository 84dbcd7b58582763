import "server-only";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { requiredSecret } from "@/server/env.ts";

/** What a stored secret is for. Part of what it is bound to, so that no secret can stand in for one of another kind. */
export type SecretPurpose = "access-key" | "log-project";

/** The row that holds the ciphertext, and why. */
export type SecretPlace = { readonly purpose: SecretPurpose; readonly rowId: string };

const VERSION = "v1";
/** What GCM was made for; a random one is safe for some 2^32 secrets under one key (NIST SP 800-38D, 8.3). */
const IV_BYTES = 12;
/** The whole tag: node accepts shorter ones when not told, and each missing bit makes a forgery easier. */
const TAG_BYTES = 16;

/**
 * A key of 32 bytes for one use, derived from BACKTRAIL_SECRET by HKDF-SHA256. Different labels give independent keys, so
 * that one that leaks says nothing about the others.
 * @throws SettingError when the process has no secret.
 */
export function deriveKey(label: string): Buffer {
  return Buffer.from(hkdfSync("sha256", requiredSecret(), "backtrail", label, 32));
}

let derived: Buffer | undefined;

function storageKey(): Buffer {
  derived ??= deriveKey("stored secrets v1");
  return derived;
}

/** JSON keeps the parts apart: no purpose and row can run together into those of another place. */
function boundTo({ purpose, rowId }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([VERSION, purpose, rowId]));
}

/**
 * AES-256-GCM under a key derived from BACKTRAIL_SECRET, bound to the row and the purpose. The result is
 * `v1.<iv>.<ciphertext>.<tag>`, each part base64url; it differs at every call.
 */
export function encryptSecret(plaintext: string, place: SecretPlace): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", storageKey(), iv, { authTagLength: TAG_BYTES }).setAAD(boundTo(place));
  const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  return [VERSION, ...[iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString("base64url"))].join(".");
}

/** A stored secret that gives no plaintext: its text has no known form, was changed, or was stored elsewhere or under another BACKTRAIL_SECRET. */
export class UnreadableSecretError extends Error {
  override readonly name = "UnreadableSecretError";
}

/**
 * The plaintext of what encryptSecret made for the same place.
 * @throws UnreadableSecretError, a fault and no refusal, when the text is not of a known version, was changed, was made for another row or
 * purpose, or under another BACKTRAIL_SECRET. It never names the text.
 */
export function decryptSecret(stored: string, place: SecretPlace): string {
  const [version, ...parts] = stored.split(".");
  const [iv, ciphertext, tag] = parts.map((part) => Buffer.from(part, "base64url"));
  if (
    version !== VERSION ||
    parts.length !== 3 ||
    iv?.length !== IV_BYTES ||
    tag?.length !== TAG_BYTES ||
    !ciphertext
  ) {
    throw new UnreadableSecretError(`The secret stored for ${place.purpose} ${place.rowId} has no known form.`);
  }
  const decipher = createDecipheriv("aes-256-gcm", storageKey(), iv, { authTagLength: TAG_BYTES })
    .setAAD(boundTo(place))
    .setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("utf8");
  } catch (cause) {
    throw new UnreadableSecretError(
      `The secret stored for ${place.purpose} ${place.rowId} cannot be read: it was changed or moved, or BACKTRAIL_SECRET is not the one it was stored under.`,
      { cause },
    );
  }
}
