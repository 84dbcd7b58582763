import { parseArgs } from "node:util";
import { PASSWORD_LENGTH_MIN } from "@/domain/access/password.ts";
import { ROLES } from "@/domain/access/role.ts";
import { type CreateMemberInput, createMemberInputSchema, type MemberDto } from "@/domain/access/schema.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { type EntranceLeft, entranceWithoutTwoFactor } from "@/domain/access/second-factor.ts";
import { DomainError } from "@/domain/errors.ts";
import { recordAuditEvents } from "@/server/access/audit.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { createMember, generatePassword } from "@/server/access/commands.ts";
import { listMembers, removeMemberTwoFactor } from "@/server/access/members.ts";
import { createPasswordReset } from "@/server/access/password-resets.ts";
import { accountExists } from "@/server/account/queries.ts";
import { closeDatabase } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { CommandError, runCommand } from "./command.ts";
import { withDatabase } from "./database.ts";

const USAGE = `Usage: npm run member -- --email ADDRESS --role ${ROLES.join("|")} [--account ID] [--name NAME] [--password PASSWORD]
       npm run member -- --email ADDRESS --reset [--account ID]
       npm run member -- --email ADDRESS --remove-authenticator [--account ID]`;

const FIELD_RULES: Readonly<Record<string, string>> = {
  email: "must be an e-mail address",
  role: `must be one of ${ROLES.join(", ")}`,
  name: "must have 1 to 100 characters",
  password: `must have at least ${PASSWORD_LENGTH_MIN} characters`,
};

type Request = { readonly accountId: string; readonly input: CreateMemberInput; readonly isGenerated: boolean };

/** @throws CommandError with one sentence that names the option at fault. */
function requestOf(args: readonly string[]): Request {
  const options = parseOptions(args);
  const password = options.password ?? generatePassword();
  const parsed = createMemberInputSchema.safeParse({
    email: options.email,
    role: options.role,
    name: options.name ?? options.email?.split("@")[0],
    password,
  });
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0]);
    throw new CommandError(`The option --${field} ${FIELD_RULES[field] ?? "is not valid"}.\n${USAGE}`);
  }
  return {
    accountId: options.account ?? env().ACCOUNT_ID,
    input: parsed.data,
    isGenerated: options.password === undefined,
  };
}

const text = { type: "string" } as const;

function parseOptions(args: readonly string[]) {
  try {
    const options = {
      email: text,
      role: text,
      account: text,
      name: text,
      password: text,
      reset: { type: "boolean" },
      "remove-authenticator": { type: "boolean" },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

async function addMember({ accountId, input, isGenerated }: Request): Promise<void> {
  const scope = commandLineScope(accountId, "npm run member", "backtrail:CreateMember");
  if (!(await accountExists(scope))) {
    throw new CommandError(`There is no account ${accountId} here.`);
  }
  const { isNewPerson } = await createMember(scope, input).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "MembershipAlreadyExists") {
      throw new CommandError(`${input.email} has a role in account ${accountId} already.`);
    }
    if (error instanceof DomainError && error.code === "PasswordRefused") {
      throw new CommandError("The password is made of words that are in lists of breached passwords: choose another.");
    }
    throw error;
  });
  console.log(`${input.email} is now ${input.role} in account ${accountId}.`);
  if (!isNewPerson) {
    console.log("They sign in with the password that they have.");
  } else if (isGenerated) {
    console.log(`Password (shown only now): ${input.password}`);
  }
  await recordAuditEvents();
}

/** For who has forgotten the password where no mail server is set, and no admin may open all their accounts. */
async function printResetLink(email: string, accountId: string): Promise<void> {
  const scope = commandLineScope(accountId, "npm run member", "backtrail:CreatePasswordReset");
  const member = await findMember(scope, email);
  const { path, expiresAt } = await createPasswordReset(scope, member);
  const { PUBLIC_URL, PORT } = env();
  console.log(`Link for a new password, until ${expiresAt}: ${PUBLIC_URL ?? `http://localhost:${PORT}`}${path}`);
  await recordAuditEvents();
}

const ENTRANCE_SENTENCES: Readonly<Record<EntranceLeft, string>> = {
  "set-up": "The password opens nothing until they have set up another.",
  password: "The password alone signs them in.",
  "single-sign-on": "Single sign-on alone signs them in.",
};

/** For who has lost authenticator app and backup codes, where no admin may open all their accounts, or they are the only one. */
async function removeAuthenticator(email: string, accountId: string): Promise<void> {
  const scope = commandLineScope(accountId, "npm run member", "backtrail:RemoveMemberTwoFactor");
  const member = await findMember(scope, email);
  if (!member.hasTwoFactor) {
    throw new CommandError(`${member.email} has no authenticator: there is nothing to take away.`);
  }
  await removeMemberTwoFactor(scope, member);
  console.log(`The authenticator of ${member.email} is removed, and all their sessions have ended.`);
  console.log(ENTRANCE_SENTENCES[entranceWithoutTwoFactor(member)]);
  await recordAuditEvents();
}

/** @throws CommandError when nobody of this address has a role in the account */
async function findMember(scope: AccountScope, email: string): Promise<MemberDto> {
  const member = (await listMembers(scope)).find((known) => known.email === email.toLowerCase());
  if (member === undefined) {
    throw new CommandError(`${email} has no role in account ${scope.accountId}.\n${USAGE}`);
  }
  return member;
}

/** What the options ask for. @throws CommandError with one sentence that names the option at fault. */
function workOf(args: readonly string[]): () => Promise<void> {
  const { reset, "remove-authenticator": removes, email = "", account } = parseOptions(args);
  if (reset) {
    return () => printResetLink(email, account ?? env().ACCOUNT_ID);
  }
  if (removes) {
    return () => removeAuthenticator(email, account ?? env().ACCOUNT_ID);
  }
  return addMember.bind(null, requestOf(args));
}

// `npm run member`: gives a person a role in an account, and makes the person when they are new; or gives them back a way in.
await runCommand(async () => {
  const work = workOf(process.argv.slice(2));
  await withDatabase(async () => {
    try {
      await work();
    } finally {
      await closeDatabase();
    }
  });
});
