import { z } from "zod";
import { SECOND_FACTOR_DEMANDS } from "@/domain/access/second-factor.ts";
import { parseAddressRange } from "@/domain/network/address-range.ts";

const PORT_RULE = "must be a port, a number from 1 to 65535";
const port = z.coerce.number(PORT_RULE).int(PORT_RULE).min(1, PORT_RULE).max(65_535, PORT_RULE);
const databaseUrl = z
  .string()
  .refine((value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value), "must be a postgresql:// address");

const secret = z.string().min(32, "must have at least 32 characters");

const origin = z
  .url({ protocol: /^https?$/ })
  .transform((value) => new URL(value))
  .refine(
    ({ pathname, search, hash }) => pathname === "/" && search === "" && hash === "",
    "must be an address without a path",
  )
  .transform((url) => url.origin);

/** Address ranges in CIDR form, separated by commas. */
const addressRanges = z
  .string()
  .transform((text, context) => {
    const ranges = text.split(",").map((range) => parseAddressRange(range.trim()));
    if (ranges.some((range) => range === null)) {
      context.addIssue({
        code: "custom",
        message: "must be addresses or ranges such as 10.0.0.0/8, separated by commas",
      });
      return z.NEVER;
    }
    return ranges.filter((range) => range !== null);
  })
  .default([]);

const envSchema = z.object({
  /** The address that web and api listen on: this machine only, until somebody decides who else may come. */
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: port.default(3000),
  API_PORT: port.default(3001),
  DATA_DIR: z.string().min(1).default(".data"),
  /** Set by the launcher when the database is the embedded one. */
  DATABASE_URL: databaseUrl.optional(),
  MIGRATION_DATABASE_URL: databaseUrl.optional(),
  /** Any text of 32 characters or more; secrets are encrypted under a key derived from it. */
  BACKTRAIL_SECRET: secret.optional(),
  /** The one before it, until `npm run rotate-secret` has left nothing under it: what is stored under it is still read. */
  BACKTRAIL_SECRET_PREVIOUS: secret.optional(),
  BACKTRAIL_REGION: z
    .string()
    .regex(/^[a-z]+-[a-z0-9-]+$/, "must be a region id such as cn-hangzhou")
    .default("cn-hangzhou"),
  /** Whether the vendor's limits of calls per second hold. */
  FLOW_CONTROL: z.enum(["on", "off"]).default("on"),
  /** Where the worker reaches the built-in log service; the api process on this machine when absent. */
  LOG_SERVICE_ENDPOINT: z.url().optional(),
  /** Proxies in front of web and api, whose word on whom they had a request from is believed. */
  TRUSTED_PROXIES: addressRanges,
  /** Where outgoing connections may lead beside the public Internet. */
  PRIVATE_ENDPOINTS: addressRanges,
  /** Where people reach the console: what links in mails and single sign-on lead to. */
  PUBLIC_URL: origin.optional(),
  ADMIN_EMAIL: z.email().default("admin@backtrail.local"),
  ADMIN_PASSWORD: z.string().min(12, "must have at least 12 characters").optional(),
  ACCOUNT_ID: z
    .string()
    .regex(/^[0-9]{16}$/, "must have 16 digits")
    .default("1234567890123456"),
  /** A session ends when no page and no action was asked for in so long, and at the latest so many hours after its sign-in. */
  SESSION_IDLE_MINUTES: z.coerce.number().int().min(1).max(10_080).default(120),
  SESSION_HOURS_MAX: z.coerce.number().int().min(1).max(720).default(24),
  /** Whether who signs in with a password has to have an authenticator app set up. */
  SECOND_FACTOR: z.enum(SECOND_FACTOR_DEMANDS, `must be ${SECOND_FACTOR_DEMANDS.join(" or ")}`).default("optional"),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(3).optional(),
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  /** What the button says: "Continue with …". */
  OIDC_NAME: z.string().min(1).max(40).default("single sign-on"),
  SAMPLE: z.enum(["on", "off"]).optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export type Env = z.infer<typeof envSchema>;

/**
 * The settings, checked. An empty value counts as absent.
 * @throws SettingError with one sentence that names the first bad setting.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const result = envSchema.safeParse(present);
  if (result.success) {
    if (result.data.MIGRATION_DATABASE_URL !== undefined && result.data.DATABASE_URL === undefined) {
      throw new SettingError(
        "The setting MIGRATION_DATABASE_URL is of no use without DATABASE_URL: set both or neither.",
      );
    }
    requireTogether(result.data, ["SMTP_URL", "MAIL_FROM", "PUBLIC_URL"], "SMTP_URL");
    requireTogether(result.data, ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "PUBLIC_URL"], "OIDC_ISSUER");
    return result.data;
  }
  const issue = result.error.issues[0];
  throw new SettingError(`The setting ${issue?.path.join(".")} is not valid: ${issue?.message}.`);
}

/** Where the first is set, the others have to be. */
function requireTogether(settings: Env, names: readonly (keyof Env)[], first: keyof Env): void {
  const missing = settings[first] === undefined ? undefined : names.find((name) => settings[name] === undefined);
  if (missing !== undefined) {
    throw new SettingError(`The setting ${missing} is missing: ${first} is of no use without it.`);
  }
}

/** A setting that cannot be used. The message is one sentence for the operator. */
export class SettingError extends Error {
  override readonly name = "SettingError";
}

let parsed: Env | undefined;

/** The settings of this process, parsed once at the first use. */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

/** Whether the console's public address is one with TLS, to which its cookies are held then. */
export function isPublicTls(): boolean {
  return env().PUBLIC_URL?.startsWith("https:") ?? false;
}

/**
 * How much this process logs. Answers even where another setting is bad: a log is there before anybody reads the settings,
 * and who reads them first says what is wrong.
 */
export function logLevel(): Env["LOG_LEVEL"] {
  return envSchema.shape.LOG_LEVEL.catch("info").parse(process.env.LOG_LEVEL);
}

/**
 * Completes the settings of this process and of those it starts: a command has the database's address only once it has
 * joined the embedded database.
 */
export function provideSettings(settings: Partial<Record<keyof Env, string>>): void {
  Object.assign(process.env, settings);
  parsed = undefined;
}

/** @throws SettingError when the process was started without a database and without the launcher. */
export function requiredDatabaseUrl(): string {
  const { DATABASE_URL } = env();
  if (DATABASE_URL === undefined) {
    throw new SettingError("The setting DATABASE_URL is missing: this process needs a database to work on.");
  }
  return DATABASE_URL;
}

/**
 * The secret that is stored under, then the one before it while there is one, which is read as well: as it is and, where that differs, without
 * the line break at its end. Where its file was moved, the break is part of the secret; where somebody wrote the file, an editor has left it.
 * @throws SettingError when the process was started without a secret and without the launcher.
 */
export function requiredSecrets(): readonly [string, ...string[]] {
  const { BACKTRAIL_SECRET, BACKTRAIL_SECRET_PREVIOUS } = env();
  if (BACKTRAIL_SECRET === undefined) {
    throw new SettingError("The setting BACKTRAIL_SECRET is missing: secrets cannot be read without it.");
  }
  const previous =
    BACKTRAIL_SECRET_PREVIOUS === undefined ? [] : [BACKTRAIL_SECRET_PREVIOUS, BACKTRAIL_SECRET_PREVIOUS.trimEnd()];
  return [BACKTRAIL_SECRET, ...new Set(previous.filter((candidate) => candidate !== BACKTRAIL_SECRET))];
}
