import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { PolicyDocument } from "@/domain/access/policy.ts";
import { FAULT_WORDS } from "@/domain/access/policy-fault-words.ts";
import { type PolicyTextFault, parsePolicyText } from "@/domain/access/policy-text.ts";
import { SYSTEM_POLICIES, SYSTEM_POLICY_NAMES } from "@/domain/access/system-policy.ts";
import { createAccessKey } from "@/server/access/access-keys.ts";
import { recordAuditEvents } from "@/server/access/audit.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { accountExists } from "@/server/account/queries.ts";
import { closeDatabase } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { CommandError, runCommand } from "./command.ts";
import { withDatabase } from "./database.ts";

const USAGE = `Usage: npm run access-key -- --policy ${SYSTEM_POLICY_NAMES.join("|")}|FILE.json [--account ID]`;

type Request = { readonly accountId: string; readonly policy: PolicyDocument };

/** @throws CommandError with sentences that name what is at fault. */
function requestOf(args: readonly string[]): Request {
  const { account, policy: policyName } = parseOptions(args);
  if (policyName === undefined) {
    throw new CommandError(`Name a policy.\n${USAGE}`);
  }
  const known = SYSTEM_POLICY_NAMES.find((name) => name === policyName);
  return {
    accountId: account ?? env().ACCOUNT_ID,
    policy: known === undefined ? policyOfFile(policyName) : SYSTEM_POLICIES[known],
  };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { account: { type: "string" }, policy: { type: "string" } } }).values;
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

function policyOfFile(file: string): PolicyDocument {
  const read = parsePolicyText(textOfFile(file));
  if (read.kind === "faults") {
    throw new CommandError(read.faults.map((fault) => sentenceOf(file, fault)).join("\n"));
  }
  return read.policy;
}

function textOfFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new CommandError(
      `There is no policy ${file}: it is no name of the vendor's, and no file that can be read.\n${USAGE}`,
    );
  }
}

/** As compilers say it, so that editors find the place. */
function sentenceOf(file: string, { fault, path, line, column }: PolicyTextFault): string {
  const place = path.length === 0 ? "" : `${path.join(".")}: `;
  return `${file}:${line}:${column}: ${place}${FAULT_WORDS[fault]}`;
}

async function addAccessKey({ accountId, policy }: Request): Promise<void> {
  const scope = commandLineScope(accountId, "npm run access-key", "backtrail:CreateAccessKey");
  if (!(await accountExists(scope))) {
    throw new CommandError(`The account ${accountId} does not exist.`);
  }
  const { id, secret } = await createAccessKey(scope, { policy });
  console.log(`AccessKeyId: ${id}`);
  console.log(`AccessKeySecret (shown only now): ${secret}`);
  await recordAuditEvents();
}

// `npm run access-key`: makes id and secret of an API client.
await runCommand(async () => {
  const request = requestOf(process.argv.slice(2));
  await withDatabase(async () => {
    try {
      await addAccessKey(request);
    } finally {
      await closeDatabase();
    }
  });
});
