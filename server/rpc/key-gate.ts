import "server-only";
import { isRpcAction, RPC_CALLS, type RpcAction } from "@/domain/rpc/calls.ts";
import { RpcError } from "@/domain/rpc/rpc-error.ts";
import { RPC_VERSION } from "@/domain/rpc/version.ts";
import {
  type AccessKey,
  type ApiClient,
  auditInactiveKey,
  noteLastUse,
  readAccessKey,
} from "@/server/access/access-key-gate.ts";
import { env } from "@/server/env.ts";
import { freshUntil, isFresh, isSignedWith, mismatchFacts, type PresentedSignature } from "./signature.ts";
import { noteKeyUse } from "./uses.ts";

/** A request that is shown to be signed by this key; whether it was sent before is not known yet. */
export type VerifiedRequest = {
  readonly action: RpcAction;
  readonly key: AccessKey;
  readonly client: ApiClient;
  readonly presented: PresentedSignature;
};

/** What an access key's id may be made of; no other is looked up. */
const ACCESS_KEY_ID_PATTERN = /^[\w.-]{1,128}$/;

/**
 * Verifies who signed a request. A key that is switched off and signs well is told so, and the account's audit too.
 * @throws RpcError InvalidAction.NotFound, InvalidVersion, InvalidAccessKeyId.NotFound, InvalidTimeStamp.Expired,
 *   SignatureDoesNotMatch, InvalidAccessKeyId.Inactive
 */
export async function verifySigner(
  presented: PresentedSignature,
  origin: Omit<ApiClient, "now">,
): Promise<VerifiedRequest> {
  const { action, accessKeyId } = presented;
  if (!isRpcAction(action)) {
    throw new RpcError("InvalidAction.NotFound");
  }
  if (presented.version !== RPC_VERSION) {
    throw new RpcError("InvalidVersion");
  }
  if (!ACCESS_KEY_ID_PATTERN.test(accessKeyId)) {
    throw new RpcError("InvalidAccessKeyId.NotFound");
  }
  const { key, now } = await readAccessKey(accessKeyId);
  const isSigned = isSignedWith(presented, key?.secret ?? null);
  if (key === null) {
    throw new RpcError("InvalidAccessKeyId.NotFound");
  }
  if (!isFresh(presented, now)) {
    throw new RpcError("InvalidTimeStamp.Expired");
  }
  if (!isSigned) {
    throw new RpcError("SignatureDoesNotMatch", mismatchFacts(presented));
  }
  const client = { ...origin, now };
  if (!key.isActive) {
    await auditInactive(key, client, action);
    throw new RpcError("InvalidAccessKeyId.Inactive");
  }
  return { action, key, client, presented };
}

/**
 * Uses up the request's nonce and a place in its second, and notes the use of its key.
 * @throws RpcError SignatureNonceUsed, Throttling.User
 */
export async function takeTurn({ action, key, client, presented }: VerifiedRequest): Promise<void> {
  const used = await noteKeyUse({
    accessKeyId: key.id,
    accountId: key.accountId,
    nonce: presented.nonce,
    freshUntil: freshUntil(presented),
    action,
  });
  if (!used.isNonceNew) {
    throw new RpcError("SignatureNonceUsed");
  }
  await noteLastUse(key, client, action);
  if (env().FLOW_CONTROL === "on" && used.callsInSecond > RPC_CALLS[action].perSecondMax) {
    throw new RpcError("Throttling.User", { retryAfterMs: used.retryAfterMs });
  }
}

async function auditInactive(key: AccessKey, client: ApiClient, action: RpcAction): Promise<void> {
  const { ramAction } = RPC_CALLS[action];
  if (ramAction !== null) {
    await auditInactiveKey(key, client, ramAction);
  }
}
