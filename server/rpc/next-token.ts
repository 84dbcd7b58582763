import { hash } from "node:crypto";
import { RpcError } from "@/domain/rpc/rpc-error.ts";

/** A token for the next page of a look-up. It goes with the parameters that it was given for, and no secret is in it. */
export function nextTokenOf(cursor: string, fingerprint: string): string {
  return `${digestOf(fingerprint)}.${cursor}`;
}

/** The cursor of a token. @throws RpcError InvalidNextToken when it was given for other parameters, or not by us. */
export function cursorOf(token: string, fingerprint: string): string {
  const [digest, cursor, ...rest] = token.split(".");
  if (digest !== digestOf(fingerprint) || cursor === undefined || rest.length > 0) {
    throw new RpcError("InvalidNextToken", { parameter: "NextToken" });
  }
  return cursor;
}

function digestOf(fingerprint: string): string {
  return hash("sha256", fingerprint, "base64url").slice(0, 22);
}
