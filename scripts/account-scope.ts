import type { AccountScope } from "@/domain/access/scope.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { accountExists } from "@/server/account/queries.ts";
import { CommandError } from "./command.ts";

/**
 * The scope of a command that records events in an account.
 * @throws CommandError when there is no such account.
 */
export async function existingAccountScope(accountId: string, command: string): Promise<AccountScope> {
  const scope = commandLineScope(accountId, command, "backtrail:PutEvents");
  if (!(await accountExists(scope))) {
    throw new CommandError(`The account ${accountId} does not exist.`);
  }
  return scope;
}
