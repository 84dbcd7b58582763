import type { RamAction } from "@/domain/access/action.ts";
import { DomainError } from "@/domain/errors.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { createMember, generatePassword } from "@/server/access/commands.ts";
import { completeSample, ensureAccount, withFirstStartLock } from "@/server/account/commands.ts";
import { getAccountCreatedAt, hasMembers, isSamplePending } from "@/server/account/queries.ts";
import { type Env, SettingError } from "@/server/env.ts";
import { createBuiltInLogProject } from "@/server/log-service/commands.ts";
import { ensureSampleTrails, SAMPLE_LOG_PROJECT } from "./sample-trails.ts";

/** The log project that every account begins with. */
export const FIRST_LOG_PROJECT = { region: "cn-hangzhou", name: "backtrail-audit" } as const;

export type FirstAccountSettings = Pick<Env, "ACCOUNT_ID" | "ADMIN_EMAIL" | "ADMIN_PASSWORD" | "SAMPLE">;

/** Records made-up history of an account up to an instant, the same each time, and answers how many events it has. */
export type RecordSampleHistory = (accountId: string, until: Date) => Promise<number>;

/** What this start had to make. */
export type FirstAccountOutcome = {
  /** The first administrator, when made now; the password when it was generated, to be shown once. */
  readonly administrator: { readonly email: string; readonly generatedPassword: string | null } | null;
  /** Events of the sample, when made now. */
  readonly sampleEvents: number | null;
};

/**
 * Afterwards the first account is there with its log project, its sample when it was made with SAMPLE=on, and an
 * administrator. Each step does what is missing, so a repeat is safe and a start after a crash goes on where that one ended;
 * starts at once wait for each other. An account that has members keeps them, whatever the settings say.
 *
 * The administrator comes last: the password is told by the outcome alone, and what comes after could lose it.
 */
export async function ensureFirstAccount(
  settings: FirstAccountSettings,
  recordSampleHistory: RecordSampleHistory,
): Promise<FirstAccountOutcome> {
  return await withFirstStartLock(async () => {
    const withSample = settings.SAMPLE === "on";
    await ensureAccount(scopeOf(settings, "backtrail:CreateAccount"), { name: "Production", withSample });
    await createBuiltInLogProject(scopeOf(settings, "backtrail:CreateLogProject"), FIRST_LOG_PROJECT);
    const sampleEvents = withSample ? await ensureSample(settings, recordSampleHistory) : null;
    const administrator = await ensureAdministrator(settings);
    return { administrator, sampleEvents };
  });
}

function scopeOf({ ACCOUNT_ID }: FirstAccountSettings, action: RamAction) {
  return commandLineScope(ACCOUNT_ID, "npm start", action);
}

/** History first, so that who sees the trails sees what they would send. */
async function ensureSample(
  settings: FirstAccountSettings,
  recordSampleHistory: RecordSampleHistory,
): Promise<number | null> {
  const scope = scopeOf(settings, "backtrail:CreateSample");
  if (!(await isSamplePending(scope))) {
    return null;
  }
  const createdAt = await getAccountCreatedAt(scope);
  // Up to the account's beginning, which a second try has too, and not to now: it makes the same events again.
  const events = await recordSampleHistory(settings.ACCOUNT_ID, createdAt);
  await createBuiltInLogProject(scopeOf(settings, "backtrail:CreateLogProject"), SAMPLE_LOG_PROJECT);
  await ensureSampleTrails(settings.ACCOUNT_ID, createdAt);
  await completeSample(scope, { events });
  return events;
}

async function ensureAdministrator(settings: FirstAccountSettings): Promise<FirstAccountOutcome["administrator"]> {
  const scope = scopeOf(settings, "backtrail:CreateMember");
  if (await hasMembers(scope)) {
    return null;
  }
  const email = settings.ADMIN_EMAIL.toLowerCase();
  const password = settings.ADMIN_PASSWORD ?? generatePassword();
  const input = { email, name: "Administrator", password, role: "admin" } as const;
  const { isNewPerson } = await createMember(scope, input).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "PasswordRefused") {
      throw new SettingError("The setting ADMIN_PASSWORD is made of words that are in lists of breached passwords.");
    }
    throw error;
  });
  // A person of another account keeps the password that they have.
  const isGenerated = isNewPerson && settings.ADMIN_PASSWORD === undefined;
  return { email, generatedPassword: isGenerated ? password : null };
}
