import "server-only";
import type { RamAction } from "@/domain/access/action.ts";
import { type AccountScope, mintAccountScope } from "@/domain/access/scope.ts";

/**
 * The gate of an operator's command line. Whoever can start a process with the database's address and secret may do all
 * that the database allows, so nothing is checked here; that they did it, and by which command, is in the audit.
 */
export function commandLineScope(accountId: string, command: string, action: RamAction): AccountScope {
  return mintAccountScope(accountId, { type: "command-line", id: command, name: command, from: null }, action);
}
