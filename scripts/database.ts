import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Client } from "pg";
import { type Env, parseEnv, provideSettings } from "@/server/env.ts";
import { joinEmbeddedPostgres } from "@/server/postgres/embedded.ts";
import { keptText } from "@/server/postgres/embedded-folder.ts";
import { migrate } from "@/server/postgres/migrate.ts";
import { listPendingMigrations } from "@/server/postgres/pending-migrations.ts";
import { CommandError } from "./command.ts";

/** The database that a command works on. */
export type OpenDatabase = {
  /** Starts an embedded database again should it have ended; answers at once otherwise. */
  readonly ensureRunning: () => Promise<void>;
  /** Ends this process's use; the embedded database stops with its last user. */
  readonly close: () => Promise<void>;
};

/**
 * Makes the settings of this process whole and the database ready: the one of DATABASE_URL, or the embedded one, which is
 * started or joined. Afterwards DATABASE_URL, MIGRATION_DATABASE_URL, BACKTRAIL_SECRET and, if there is one,
 * BACKTRAIL_SECRET_PREVIOUS are set, for children too, and every migration is applied. Takes a tenth of a second when there is nothing to do.
 * @throws CommandError, SettingError or EmbeddedPostgresError with one sentence.
 */
export async function openDatabase(onProgress?: (text: string) => void): Promise<OpenDatabase> {
  const settings = parseEnv(process.env);
  const dataDir = writableDataDir(settings.DATA_DIR);
  const { previous } = findSecrets(settings);
  provideSettings({
    BACKTRAIL_SECRET: settings.BACKTRAIL_SECRET ?? keptSecret(dataDir),
    ...(previous === null ? {} : { BACKTRAIL_SECRET_PREVIOUS: previous }),
  });
  if (settings.DATABASE_URL !== undefined) {
    const ownerUrl = settings.MIGRATION_DATABASE_URL ?? settings.DATABASE_URL;
    const pending = await pendingMigrations(settings.DATABASE_URL, "DATABASE_URL");
    // Without an owner of its own the database may belong to somebody else, who has migrated it.
    if (settings.MIGRATION_DATABASE_URL !== undefined) {
      await pendingMigrations(settings.MIGRATION_DATABASE_URL, "MIGRATION_DATABASE_URL");
    }
    if (settings.MIGRATION_DATABASE_URL !== undefined || pending.length > 0) {
      await migrate(ownerUrl, settings.DATABASE_URL).catch(tellMissingRights);
    }
    provideSettings({ MIGRATION_DATABASE_URL: ownerUrl });
    return { ensureRunning: async () => undefined, close: async () => undefined };
  }
  const postgres = await joinEmbeddedPostgres(dataDir, onProgress === undefined ? {} : { onProgress });
  try {
    await migrate(postgres.ownerUrl, postgres.applicationUrl);
  } catch (error) {
    await postgres.leave();
    throw error;
  }
  provideSettings({ DATABASE_URL: postgres.applicationUrl, MIGRATION_DATABASE_URL: postgres.ownerUrl });
  return { ensureRunning: postgres.ensureRunning, close: postgres.leave };
}

/** Does the work with an open database, and closes it whatever comes. A killed command leaves nothing running either. */
export async function withDatabase<T>(work: () => Promise<T>): Promise<T> {
  const database = await openDatabase();
  try {
    return await work();
  } finally {
    await database.close();
  }
}

/**
 * The folder of the setting DATA_DIR, made if need be.
 * @throws CommandError when nothing can be written there.
 */
export function writableDataDir(dataDir: string): string {
  const folder = resolve(dataDir);
  try {
    makeFolders(folder);
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new CommandError(`The folder ${folder} (setting DATA_DIR) cannot be written: ${reasonOf(error)}.`);
  }
  return folder;
}

/** Not mkdirSync's own recursion, which never ends where a folder is there and takes no other, as in /proc. */
function makeFolders(folder: string): void {
  if (!existsSync(folder)) {
    makeFolders(dirname(folder));
    try {
      mkdirSync(folder, { mode: 0o711 });
    } catch (error) {
      // Another command may have made it meanwhile.
      if (!existsSync(folder)) {
        throw error;
      }
    }
  }
}

function keptSecret(dataDir: string): string {
  return keptText(secretFile(dataDir), () => randomBytes(32).toString("hex"));
}

function secretFile(dataDir: string): string {
  return join(dataDir, "secret");
}

/**
 * BACKTRAIL_SECRET and the one before it, each from its setting or the file of the data folder; null where there is neither. Makes none. A
 * file is taken as it is: where somebody wrote it with a line break at its end, that has been part of the secret ever since, and without it
 * nothing that is stored could be read. A previous secret is read without it as well (requiredSecrets).
 */
export function findSecrets({ BACKTRAIL_SECRET, BACKTRAIL_SECRET_PREVIOUS, DATA_DIR }: Env) {
  const file = secretFile(resolve(DATA_DIR));
  return {
    present: BACKTRAIL_SECRET ?? textOf(file),
    previous: BACKTRAIL_SECRET_PREVIOUS ?? textOf(`${file}-previous`),
  };
}

function textOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** Long for a database that is up, short for a person who waits for a sentence. */
const CONNECT_LIMIT_MS = 5_000;

async function pendingMigrations(url: string, setting: string): Promise<string[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  try {
    await client.connect();
    return await listPendingMigrations(client);
  } catch (error) {
    throw new CommandError(`The database of ${setting} (${withoutPassword(url)}) does not answer: ${reasonOf(error)}.`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** PostgreSQL's code for a role that may not do something, which Prisma's engine gives in words alone. */
const INSUFFICIENT_PRIVILEGE = "42501";

function tellMissingRights(error: unknown): never {
  const words = error instanceof Error ? (/permission denied[^\n]*/.exec(error.message)?.[0] ?? null) : null;
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (words === null && code !== INSUFFICIENT_PRIVILEGE) {
    throw error;
  }
  throw new CommandError(
    `The database cannot be migrated (${words ?? reasonOf(error)}): ` +
      "set MIGRATION_DATABASE_URL to the same database as a role that may change its schema.",
  );
}

function withoutPassword(url: string): string {
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username === "" ? "" : `${username}@`}${host}${pathname}`;
}

/** The last reason of an error; a failed connection carries one per address it tried. */
function reasonOf(error: unknown): string {
  const last = error instanceof AggregateError ? error.errors.at(-1) : error;
  return last instanceof Error ? last.message : String(last);
}
