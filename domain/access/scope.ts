import type { RamAction } from "./action.ts";

/** Who acts: a person at the console, an API client, the delivery worker, or an operator at the command line. */
export type Actor = {
  readonly type: "user" | "access-key" | "worker" | "command-line";
  readonly id: string;
  /** For people: the e-mail address of a user, the id of a key, the command's name. */
  readonly name: string;
  /** Address of the client, when there is one. */
  readonly from: string | null;
  /** The RequestId that an API call of theirs is answered with; none for what is done otherwise. */
  readonly requestId?: string;
};

declare const minted: unique symbol;

/**
 * Proof that an actor may do one thing in one account. Queries and commands demand it, so that a forgotten check does not
 * compile. It is minted only at the gates, after the permission check: the session, the API signature, a worker's claim,
 * an operator's command line.
 */
export type AccountScope = {
  readonly accountId: string;
  readonly actor: Actor;
  readonly action: RamAction;
  readonly [minted]: true;
};

/** For gates only: call it after the permission check, never before. */
export function mintAccountScope(accountId: string, actor: Actor, action: RamAction): AccountScope {
  return { accountId, actor, action } as AccountScope;
}
