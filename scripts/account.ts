import { parseArgs } from "node:util";
import { accountRefSchema } from "@/domain/access/schema.ts";
import { recordAuditEvents } from "@/server/access/audit.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { ensureAccount } from "@/server/account/commands.ts";
import { closeDatabase } from "@/server/db.ts";
import { createBuiltInLogProject } from "@/server/log-service/commands.ts";
import { CommandError, runCommand } from "./command.ts";
import { withDatabase } from "./database.ts";
import { FIRST_LOG_PROJECT } from "./first-account.ts";

const USAGE = "Usage: npm run account -- --id ID --name NAME";

const NAME_LENGTH_MAX = 100;

/** @throws CommandError with one sentence that names the option at fault. */
function requestOf(args: readonly string[]): { readonly accountId: string; readonly name: string } {
  const { id, name = "" } = parseOptions(args);
  const account = accountRefSchema.safeParse({ accountId: id });
  if (!account.success) {
    throw new CommandError(`The option --id must have 16 digits.\n${USAGE}`);
  }
  if (name.trim() === "" || name.length > NAME_LENGTH_MAX) {
    throw new CommandError(`The option --name must have 1 to ${NAME_LENGTH_MAX} characters.\n${USAGE}`);
  }
  return { ...account.data, name: name.trim() };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { id: { type: "string" }, name: { type: "string" } } }).values;
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

// `npm run account`: adds an account, with a log project of the built-in log service. Its people come by `npm run member`.
await runCommand(async () => {
  const { accountId, name } = requestOf(process.argv.slice(2));
  await withDatabase(async () => {
    try {
      const scope = commandLineScope(accountId, "npm run account", "backtrail:CreateAccount");
      if (!(await ensureAccount(scope, { name, withSample: false }))) {
        throw new CommandError(`The account ${accountId} is here already.`);
      }
      const logScope = commandLineScope(accountId, "npm run account", "backtrail:CreateLogProject");
      await createBuiltInLogProject(logScope, FIRST_LOG_PROJECT);
      console.log(`Account ${accountId} (${name}) is here, with the log project ${FIRST_LOG_PROJECT.name}.`);
      console.log(`Its first admin: npm run member -- --account ${accountId} --email ADDRESS --role admin`);
      await recordAuditEvents();
    } finally {
      await closeDatabase();
    }
  });
});
