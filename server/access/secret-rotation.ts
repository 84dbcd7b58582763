import "server-only";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import type { QueryResult } from "pg";
import { pool, prisma } from "@/server/db.ts";
import { writeAuditEntry } from "./audit.ts";
import { auth } from "./auth.ts";
import { commandLineScope } from "./command-line.ts";
import {
  authSecrets,
  decryptSecret,
  encryptSecret,
  presentPrefix,
  type SecretPlace,
  type SecretPurpose,
  UnreadableSecretError,
} from "./secrets.ts";

/** A column that holds ciphertexts, and how one of them is written anew. */
type Column = {
  readonly table: "access_key" | "log_project" | "two_factor";
  readonly column: "secret_ciphertext" | "external_secret_ciphertext" | "secret" | "backup_codes";
  readonly idType: "text" | "uuid";
  /** What each ciphertext under the present secret begins with. */
  readonly prefix: string;
  /** The same plaintext under the present secret; null when it cannot be read. */
  readonly renew: (stored: string, rowId: string) => string | null | Promise<string | null>;
};

const OWN_COLUMNS = {
  "access-key": { table: "access_key", column: "secret_ciphertext", idType: "text" },
  "log-project": { table: "log_project", column: "external_secret_ciphertext", idType: "uuid" },
} as const satisfies Record<SecretPurpose, Pick<Column, "table" | "column" | "idType">>;

const AUTHENTICATOR_COLUMNS = ["secret", "backup_codes"] as const;

/** A ciphertext that cannot be read under either secret, by its row. */
type UnreadablePlace = { readonly table: Column["table"]; readonly rowId: string };

type Rotation = {
  /** How many ciphertexts were written anew. */
  readonly reencrypted: number;
  /** Left as they are. */
  readonly unreadable: readonly UnreadablePlace[];
  /** Whether all that can be read is now under the present secret. */
  readonly isComplete: boolean;
};

/**
 * A pass that finds nothing left is the last. Each further one is for what another process has stored under the previous secret meanwhile,
 * which only those do that were not restarted; more than these say that somebody goes on doing so.
 */
const PASSES_MAX = 10;

/** Small, so that what is read is still there when it is written; large beside the way to the database. */
const PAGE_SIZE = 100;

/**
 * Writes every stored secret anew under BACKTRAIL_SECRET: those of access keys and log projects, and better-auth's of authenticators. Each is
 * one conditional statement that leaves alone what was changed since it was read; nothing is locked for longer, so that all processes go on. What
 * is under BACKTRAIL_SECRET already is not touched: safe to break off, to repeat, and to run twice at once.
 *
 * For an operator's command line. It reads secrets of all accounts, and the audit of each says so before the first is read.
 */
export async function rotateSecrets(): Promise<Rotation> {
  const columns = await listColumns();
  await auditRotation();
  let reencrypted = 0;
  let passes = 0;
  let last: Pass;
  do {
    last = await runPass(columns);
    reencrypted += last.replaced;
    passes++;
  } while (last.found > 0 && passes < PASSES_MAX);
  return { reencrypted, unreadable: last.unreadable, isComplete: last.found === 0 };
}

type Pass = {
  /** Ciphertexts under the previous secret. */
  readonly found: number;
  /** Those of them that nobody has changed meanwhile. */
  readonly replaced: number;
  readonly unreadable: readonly UnreadablePlace[];
};

/** Reads every ciphertext, those under the present secret too: whether one was changed or moved, only reading says. */
async function runPass(columns: readonly Column[]): Promise<Pass> {
  const unreadable: UnreadablePlace[] = [];
  let found = 0;
  let replaced = 0;
  for (const column of columns) {
    for await (const { id, stored } of ciphertextsOf(column)) {
      const renewed = await column.renew(stored, id);
      if (renewed === null) {
        unreadable.push({ table: column.table, rowId: id });
      } else if (!stored.startsWith(column.prefix)) {
        found++;
        replaced += await replaceCiphertext(column, id, stored, renewed);
      }
    }
  }
  return { found, replaced, unreadable };
}

async function listColumns(): Promise<Column[]> {
  const own = (Object.keys(OWN_COLUMNS) as SecretPurpose[]).map(
    (purpose): Column => ({
      ...OWN_COLUMNS[purpose],
      prefix: presentPrefix(),
      renew: (stored, rowId) => renewOwn(stored, { purpose, rowId }),
    }),
  );
  const { secretConfig } = await auth().$context;
  const authenticators = AUTHENTICATOR_COLUMNS.map(
    (column): Column => ({
      table: "two_factor",
      column,
      idType: "uuid",
      prefix: authenticatorPrefix(),
      renew: async (stored) => {
        const plaintext = await readAuthenticator(stored, [
          secretConfig,
          ...authSecrets().secrets.map((one) => one.value),
        ]);
        return plaintext === null ? null : symmetricEncrypt({ key: secretConfig, data: plaintext });
      },
    }),
  );
  return [...own, ...authenticators];
}

/** One that names no secret may be under any, which better-auth by itself does not try. Null when none of the keys opens it. */
async function readAuthenticator(
  stored: string,
  keys: readonly Parameters<typeof symmetricDecrypt>[0]["key"][],
): Promise<string | null> {
  for (const key of keys) {
    const plaintext = await symmetricDecrypt({ key, data: stored }).catch(() => null);
    if (plaintext !== null) {
      return plaintext;
    }
  }
  return null;
}

function renewOwn(stored: string, place: SecretPlace): string | null {
  try {
    return encryptSecret(decryptSecret(stored, place), place);
  } catch (error) {
    if (error instanceof UnreadableSecretError) {
      return null;
    }
    throw error;
  }
}

/** As better-auth writes the number of a secret (its crypto, formatEnvelope). */
function authenticatorPrefix(): string {
  return `$ba$${authSecrets().secrets[0]?.version}$`;
}

type Ciphertext = { readonly id: string; readonly stored: string };

/** All of a column, page by page in the order of the table's own key, so that each page is read from where the last one ended. */
async function* ciphertextsOf({ table, column, idType }: Column): AsyncGenerator<Ciphertext> {
  let page: Ciphertext[];
  let after: string | null = null;
  do {
    // The column is qualified: ORDER BY would take a bare one for the text.
    const { rows }: QueryResult<Ciphertext> = await pool().query<Ciphertext>(
      `SELECT t.id::text AS id, t.${column} AS stored FROM ${table} t
       WHERE t.${column} IS NOT NULL AND ($1::${idType} IS NULL OR t.id > $1::${idType})
       ORDER BY t.id LIMIT ${PAGE_SIZE}`,
      [after],
    );
    page = rows;
    yield* page;
    after = page.at(-1)?.id ?? null;
  } while (page.length === PAGE_SIZE);
}

/** How many were replaced: one, or none where it was changed or deleted since it was read. */
async function replaceCiphertext(column: Column, id: string, stored: string, renewed: string): Promise<number> {
  const { rowCount } = await pool().query(
    `UPDATE ${column.table} SET ${column.column} = $3 WHERE id = $1::${column.idType} AND ${column.column} = $2`,
    [id, stored, renewed],
  );
  return rowCount ?? 0;
}

type Affected = { readonly account_id: string; readonly counts: Readonly<Record<string, number>> };

/** An entry in the audit of each account with something to write anew; first, so that it is there however the rotation ends. */
async function auditRotation(): Promise<void> {
  const { rows } = await pool().query<Affected>(
    `SELECT account_id, counts FROM (
       SELECT a.id AS account_id, jsonb_build_object(
         'accessKeys', (SELECT count(*) FROM access_key k
           WHERE k.account_id = a.id AND NOT starts_with(k.secret_ciphertext, $1)),
         'logProjects', (SELECT count(*) FROM log_project p
           WHERE p.account_id = a.id AND NOT starts_with(p.external_secret_ciphertext, $1)),
         'authenticators', (SELECT count(*) FROM membership m JOIN two_factor t ON t.user_id = m.user_id
           WHERE m.account_id = a.id AND NOT (starts_with(t.secret, $2) AND starts_with(t.backup_codes, $2)))
       ) AS counts FROM account a
     ) AS affected
     WHERE counts <> '{"accessKeys": 0, "logProjects": 0, "authenticators": 0}'
     ORDER BY account_id`,
    [presentPrefix(), authenticatorPrefix()],
  );
  for (const { account_id: accountId, counts } of rows) {
    const scope = commandLineScope(accountId, "npm run rotate-secret", "backtrail:RotateSecret");
    await prisma().$transaction((tx) => writeAuditEntry(tx, scope, { details: { ...counts } }));
  }
}
