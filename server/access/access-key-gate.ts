import "server-only";
import { isTryNoted, type LastUse } from "@/domain/access/access-key.ts";
import type { RamAction } from "@/domain/access/action.ts";
import type { ConditionContext } from "@/domain/access/condition.ts";
import { isAllowed, readStoredPolicy } from "@/domain/access/policy.ts";
import { type AccountScope, type Actor, mintAccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { clientNetwork } from "@/domain/network/address-range.ts";
import { pool } from "@/server/db.ts";
import { writeRefusal } from "./audit.ts";
import { noteUse } from "./last-uses.ts";
import { decryptSecret, encryptSecret } from "./secrets.ts";
import { countTries } from "./tries.ts";

/** An API client's key, as its requests are verified and judged. */
export type AccessKey = {
  readonly id: string;
  readonly accountId: string;
  readonly secret: string;
  /** As it is stored: read when it is judged by, so that a request's answer takes as long whether or not its key exists. */
  readonly policy: unknown;
  /** As it was noted when the key was read. */
  readonly lastUse: LastUse | null;
};

/** Where a request comes from, and when: what the conditions of policies are about. */
export type ApiClient = {
  /** Its address, as the api process saw it. */
  readonly address: string;
  /** The RequestId that it is answered with. */
  readonly requestId: string;
  /** Whether it came over TLS. */
  readonly isSecure: boolean;
  /** The database's time. */
  readonly now: Date;
};

type KeyRow = {
  readonly now: Date;
  readonly account_id: string | null;
  readonly secret_ciphertext: string | null;
  readonly policy: unknown;
  readonly status: string | null;
  readonly last_used_at: Date | null;
  readonly last_used_from: string | null;
  readonly last_used_call: string | null;
};

/**
 * The key of this id, active or not, or null, and the database's time, in one statement. For an id that no key has the same work is
 * done on a secret that is none. Part of the API signature's gate: it takes no scope, because scopes are minted from what it finds,
 * once a request is shown to be signed with its secret.
 */
export async function readAccessKey(
  id: string,
): Promise<{ readonly key: (AccessKey & { readonly isActive: boolean }) | null; readonly now: Date }> {
  const { rows } = await pool().query<KeyRow>({
    name: "read-access-key",
    text: `SELECT now() AS "now", k."account_id", k."secret_ciphertext", k."policy", k."status",
        k."last_used_at", k."last_used_from", k."last_used_call"
      FROM (SELECT) AS "once" LEFT JOIN "access_key" k ON k."id" = $1`,
    values: [id],
  });
  const [row] = rows;
  if (row === undefined) {
    throw new Error("the statement that reads a key gave no row");
  }
  const { now, account_id: accountId, secret_ciphertext: ciphertext, policy, status } = row;
  if (accountId === null || ciphertext === null) {
    decryptSecret(noSecret(), NOWHERE);
    return { key: null, now };
  }
  const secret = decryptSecret(ciphertext, { purpose: "access-key", rowId: id });
  return {
    key: { id, accountId, secret, policy, isActive: status === "Active", lastUse: lastUseOf(row) },
    now,
  };
}

function lastUseOf({ last_used_at: at, last_used_from: from, last_used_call: call }: KeyRow): LastUse | null {
  return at === null || from === null || call === null ? null : { at, from, call };
}

/**
 * Notes a use of a key, as noteUse does. Call it once the request is shown to be signed with the key's secret, whatever becomes of the
 * request: a call that the policy refuses is a use as well.
 * @param call as in LastUse
 */
export async function noteLastUse(
  { id, lastUse }: Pick<AccessKey, "id" | "lastUse">,
  { address, now }: ApiClient,
  call: string,
): Promise<void> {
  await noteUse(id, lastUse, { at: now, from: address, call });
}

const NOWHERE = { purpose: "access-key", rowId: "" } as const;

let madeUp: string | undefined;

/** A ciphertext as long as a key's, whose decryption takes as long. */
function noSecret(): string {
  madeUp ??= encryptSecret("0".repeat(30), NOWHERE);
  return madeUp;
}

export function actorOf(key: Pick<AccessKey, "id">, client: ApiClient): Actor {
  return { type: "access-key", id: key.id, name: key.id, from: client.address, requestId: client.requestId };
}

/** Tries are counted anew after this, so that a client that goes on for days is in the audit of each hour. */
const INACTIVE_TRIES_WINDOW_S = 3_600;

/**
 * Notes in the account's audit that a request was refused which its key, switched off, had signed well. A program that nobody has told goes on for
 * ever: of many tries at the same action from the same network, those are noted that isTryNoted names, each with how many there have been.
 */
export async function auditInactiveKey(
  key: Pick<AccessKey, "id" | "accountId">,
  client: ApiClient,
  action: RamAction,
): Promise<void> {
  const { id, accountId } = key;
  const what = ["inactive-key", id, action, clientNetwork(client.address)];
  const tries = await countTries(what, INACTIVE_TRIES_WINDOW_S);
  if (isTryNoted(tries)) {
    const actor = actorOf(key, client);
    await writeRefusal({ accountId, actor, action, errorCode: "InvalidAccessKeyId.Inactive", details: { tries } });
  }
}

/**
 * The API signature's gate: a scope for one action in the key's account, when its policy allows it on this resource to this client. A policy that
 * can't be read allows nothing. Call it after the signature is verified, never before. A refusal is in the account's audit.
 * @throws DomainError NoPermission
 */
export async function scopeForAccessKey(
  key: AccessKey,
  action: RamAction,
  resource: string,
  client: ApiClient,
): Promise<AccountScope> {
  const { accountId, policy } = key;
  const actor = actorOf(key, client);
  if (!mayAccessKey(key, action, resource, client)) {
    const details = readStoredPolicy(policy) === null ? { isPolicyReadable: false } : {};
    await writeRefusal({ accountId, actor, action, errorCode: "NoPermission", resource, details });
    throw new DomainError("NoPermission");
  }
  return mintAccountScope(accountId, actor, action);
}

/** Whether the key's policy allows an action on this resource to this client: what a list may show of what it found. Not in the audit. */
export function mayAccessKey(
  { policy }: Pick<AccessKey, "policy">,
  action: RamAction,
  resource: string,
  client: ApiClient,
): boolean {
  const read = readStoredPolicy(policy);
  return read !== null && isAllowed([read], action, resource, contextOf(client));
}

/** No key was made with a second factor at hand. */
function contextOf({ address, isSecure, now }: ApiClient): ConditionContext {
  return {
    "acs:SourceIp": address,
    "acs:SecureTransport": String(isSecure),
    "acs:CurrentTime": now.toISOString(),
    "acs:MFAPresent": "false",
  };
}
