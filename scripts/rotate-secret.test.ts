import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { NewAccessKey } from "@/server/access/access-keys.ts";
import { auth } from "@/server/access/auth.ts";
import { authSecrets, encryptSecret, presentPrefix } from "@/server/access/secrets.ts";
import { pool, prisma } from "@/server/db.ts";
import { requiredDatabaseUrl } from "@/server/env.ts";
import { addAccessKey } from "@/testing/api-clients.ts";
import { AuthClient } from "@/testing/auth-client.ts";
import { addPerson, type Person } from "@/testing/console-session.ts";
import { createHistoryAccount, type HistoryAccount, SINK_KEY } from "@/testing/history-account.ts";
import { findFreePort, startProduct } from "@/testing/product-process.ts";
import { send, signV3 } from "@/testing/rpc-requests.ts";
import { codeOf } from "@/testing/totp.ts";
import { waitUntil } from "@/testing/wait-until.ts";

// `npm run rotate-secret` on a database that others work on. This process has the old secret: what it stores is to be re-encrypted.

const OLD = "the secret of tests, which protects nothing at all";
const NEW = "the new secret of tests, which protects nothing either";
const ROTATING = { BACKTRAIL_SECRET: NEW, BACKTRAIL_SECRET_PREVIOUS: OLD };

/** Enough for several pages, so that calls and edits come between them. */
const KEYS = 250;
const LOG_PROJECTS = 210;

/** Where nothing listens: nobody connects to it here. */
const ENDPOINT = "http://127.0.0.1:9";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "backtrail-rotate-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
  vi.resetModules();
});

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function start(script: string, args: readonly string[], settings: Record<string, string>) {
  const child: ChildProcess = spawn(
    process.execPath,
    ["-C", "react-server", "--import", "tsx", `scripts/${script}.ts`, ...args],
    { env: { ...process.env, DATA_DIR: folder, ...settings }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = (async (): Promise<Ended> => {
    const [[code], stdout, stderr] = await Promise.all([
      once(child, "close"),
      child.stdout === null ? "" : textOf(child.stdout),
      child.stderr === null ? "" : textOf(child.stderr),
    ]);
    return { code, stdout, stderr };
  })();
  return { child, ended };
}

function rotate(settings: Record<string, string> = ROTATING): Promise<Ended> {
  return start("rotate-secret", [], settings).ended;
}

/** What it says when all went well. */
function doneWith(reencrypted: number): Ended {
  return {
    code: 0,
    stdout: `Secrets re-encrypted under BACKTRAIL_SECRET: ${reencrypted}.\nNothing is left under the previous secret: take it out of the settings, and restart.\n`,
    stderr: "",
  };
}

function addKeys(account: HistoryAccount, count: number): Promise<NewAccessKey[]> {
  return Promise.all(Array.from({ length: count }, () => addAccessKey(account)));
}

/** Every ciphertext there is, by its place. */
async function ciphertexts(): Promise<{ place: string; stored: string }[]> {
  const { rows } = await pool().query<{ place: string; stored: string }>(
    `SELECT 'access_key ' || id AS place, secret_ciphertext AS stored FROM access_key
     UNION ALL SELECT 'log_project ' || id, external_secret_ciphertext FROM log_project
       WHERE external_secret_ciphertext IS NOT NULL
     UNION ALL SELECT 'two_factor secret ' || id, secret FROM two_factor
     UNION ALL SELECT 'two_factor backup_codes ' || id, backup_codes FROM two_factor
     ORDER BY place`,
  );
  return rows;
}

/** How many are under the old secret. */
async function countOld(): Promise<number> {
  const prefixes = [presentPrefix(), `$ba$${authSecrets().secrets[0]?.version}$`];
  return (await ciphertexts()).filter(({ stored }) => prefixes.some((prefix) => stored.startsWith(prefix))).length;
}

/** The module as a process with these settings has it. */
async function under<Module>(settings: Record<string, string>, load: () => Promise<Module>): Promise<Module> {
  for (const [name, value] of Object.entries({ BACKTRAIL_SECRET_PREVIOUS: "", ...settings })) {
    vi.stubEnv(name, value);
  }
  vi.resetModules();
  return await load();
}

async function callWith(address: string, key: NewAccessKey): Promise<number> {
  return (await send(address, signV3(key, address, "DescribeTrails"))).status;
}

async function startApi(settings: Record<string, string>) {
  const port = await findFreePort();
  const api = await startProduct("api/main.ts", { API_PORT: String(port), FLOW_CONTROL: "off", ...settings });
  return { address: `127.0.0.1:${port}`, stop: () => api.stop() };
}

/** A session of its own that holds rows while the command comes to them. */
async function holdRows(statement: string, values: readonly string[]): Promise<Client> {
  const client = new Client({ connectionString: requiredDatabaseUrl() });
  await client.connect();
  await client.query("BEGIN");
  const { rowCount } = await client.query(statement, [...values]);
  expect(rowCount).toBe(1);
  return client;
}

async function countWaiting(table: string): Promise<number> {
  const { rows } = await pool().query<{ count: number }>(
    `SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`,
    [`UPDATE ${table} %`],
  );
  return rows[0]?.count ?? 0;
}

function untilWaiting(table: string): Promise<boolean> {
  return waitUntil(`the command waits for a row of ${table}`, 120_000, async () => (await countWaiting(table)) === 1);
}

/** The secret of the account's log project, as a process with the new secret alone reads it. */
async function projectSecretAfterwards(account: HistoryAccount): Promise<string | undefined> {
  const { getSlsTarget } = await under({ BACKTRAIL_SECRET: NEW }, () => import("@/server/log-service/queries.ts"));
  const scope = account.scope("actiontrail:CreateDeliveryHistoryJob");
  return (await getSlsTarget(scope, { projectRegion: "cn-hangzhou", projectName: "history-test" }))?.accessKeySecret;
}

/** Log projects beside the one that an account has, so many that they are read in several pages, too. */
async function addLogProjects({ accountId }: HistoryAccount, count: number): Promise<void> {
  const data = Array.from({ length: count }, (_, index) => {
    const id = randomUUID();
    const externalSecretCiphertext = encryptSecret(SINK_KEY.secret, { purpose: "log-project", rowId: id });
    const place = { accountId, region: "cn-hangzhou", name: `project-${index}`, endpoint: ENDPOINT };
    return { id, ...place, externalKeyId: SINK_KEY.id, externalSecretCiphertext };
  });
  await prisma().logProject.createMany({ data });
}

describe("npm run rotate-secret", () => {
  it("re-encrypts everything while an api process reads and a command stores; then nobody needs the previous secret", async () => {
    const account = await createHistoryAccount(ENDPOINT);
    const keys = await addKeys(account, KEYS);
    await addLogProjects(account, LOG_PROJECTS);
    const count = await countOld();
    const during = await startApi(ROTATING);
    const statuses: number[] = [];
    let isOver = false;
    const reading = (async () => {
      for (let index = 0; !isOver; index++) {
        statuses.push(await callWith(during.address, keys[index % KEYS] ?? expect.unreachable()));
      }
    })();
    const storing = start(
      "access-key",
      ["--account", account.accountId, "--policy", "AliyunActionTrailFullAccess"],
      ROTATING,
    );
    expect(await rotate()).toEqual(doneWith(count));
    const { stdout } = await storing.ended;
    isOver = true;
    await reading;
    await during.stop();
    expect(statuses.length).toBeGreaterThan(20);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(await countOld()).toBe(0);

    const [, id = "", secret = ""] = /^AccessKeyId: (\w+)\nAccessKeySecret .*: (\w+)\n/.exec(stdout) ?? [];
    const after = await startApi({ BACKTRAIL_SECRET: NEW });
    try {
      for (const key of [{ id, secret }, ...keys]) {
        expect([key.id, await callWith(after.address, key)]).toEqual([key.id, 200]);
      }
    } finally {
      await after.stop();
    }
    expect(await projectSecretAfterwards(account)).toBe(SINK_KEY.secret);
    const { accountId } = account;
    const entries = await prisma().auditEntry.findMany({ where: { accountId, action: "backtrail:RotateSecret" } });
    expect(entries).toMatchObject([
      { actorType: "command-line", details: { accessKeys: KEYS, logProjects: 1 + LOG_PROJECTS, authenticators: 0 } },
    ]);
    expect(await rotate()).toEqual(doneWith(0));
  });

  it("that is killed in the middle leaves each secret readable, and the next run does the rest", async () => {
    const keys = await addKeys(await createHistoryAccount(ENDPOINT), 40);
    const count = await countOld();
    const { rows } = await pool().query<{ id: string }>(
      "SELECT id FROM access_key WHERE id = ANY($1) ORDER BY id OFFSET 20 LIMIT 1",
      [keys.map(({ id }) => id)],
    );
    const middle = rows[0]?.id ?? "";
    const holder = await holdRows("SELECT id FROM access_key WHERE id = $1 FOR UPDATE", [middle]);
    const { child, ended } = start("rotate-secret", [], ROTATING);
    await untilWaiting("access_key");
    child.kill("SIGKILL");
    expect((await ended).code).toBeNull();
    await holder.end();
    await waitUntil("its last statement has ended", 60_000, async () => (await countWaiting("access_key")) === 0);

    const api = await startApi(ROTATING);
    try {
      for (const key of keys) {
        expect([key.id, await callWith(api.address, key)]).toEqual([key.id, 200]);
      }
    } finally {
      await api.stop();
    }
    const left = await countOld();
    expect([left > 0, left < count]).toEqual([true, true]);
    expect(await rotate()).toEqual(doneWith(left));
    expect(await countOld()).toBe(0);
  });

  it("does not overwrite a key that is edited meanwhile, and re-encrypts it where it was stored under the previous secret", async () => {
    const account = await createHistoryAccount(ENDPOINT);
    const { id } = await prisma().logProject.findFirstOrThrow({ where: { accountId: account.accountId } });
    const count = await countOld();
    const edited = encryptSecret("the edited secret", { purpose: "log-project", rowId: id });
    const editor = await holdRows("UPDATE log_project SET external_secret_ciphertext = $2 WHERE id = $1::uuid", [
      id,
      edited,
    ]);
    const { ended } = start("rotate-secret", [], ROTATING);
    await untilWaiting("log_project");
    await editor.query("COMMIT");
    await editor.end();
    expect(await ended).toEqual(doneWith(count));
    expect(await projectSecretAfterwards(account)).toBe("the edited secret");
  });

  it("with a wrong previous secret changes nothing, names the rows and fails", async () => {
    const [key] = await addKeys(await createHistoryAccount(ENDPOINT), 1);
    const before = await ciphertexts();
    const count = await countOld();
    const wrong = await rotate({
      ...ROTATING,
      BACKTRAIL_SECRET_PREVIOUS: "a secret that nothing was ever stored under",
    });
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toBe("Secrets re-encrypted under BACKTRAIL_SECRET: 0.\n");
    expect(wrong.stderr).toContain(`Secrets that neither secret reads, left as they are: ${count}.`);
    expect(wrong.stderr).toContain(`  access_key ${key?.id}\n`);
    expect(await ciphertexts()).toEqual(before);
    expect(await rotate()).toEqual(doneWith(count));
  });

  it("says which ciphertext was moved to another row, also where it is under the present secret already", async () => {
    const [one, other] = await addKeys(await createHistoryAccount(ENDPOINT), 2);
    await rotate();
    const where = { id: one?.id ?? "" };
    const { secretCiphertext: own } = await prisma().accessKey.findUniqueOrThrow({ where });
    const { secretCiphertext } = await prisma().accessKey.findUniqueOrThrow({ where: { id: other?.id ?? "" } });
    await prisma().accessKey.update({ where, data: { secretCiphertext } });
    const told = await rotate();
    expect([told.code, told.stderr.match(/^ {2}.*$/gm)]).toEqual([1, [`  access_key ${one?.id}`]]);
    await prisma().accessKey.update({ where, data: { secretCiphertext: own } });
    expect(await rotate()).toEqual(doneWith(0));
  });

  it("takes the secrets from the files of the data folder, the previous without the line break that an editor leaves", async () => {
    const nothingSet = { BACKTRAIL_SECRET: "", BACKTRAIL_SECRET_PREVIOUS: "" };
    await addKeys(await createHistoryAccount(ENDPOINT), 1);
    const count = await countOld();
    writeFileSync(join(folder, "secret-previous"), `${OLD}\n`);
    expect((await rotate(nothingSet)).code).toBe(1);
    writeFileSync(join(folder, "secret"), NEW);
    expect(await rotate(nothingSet)).toEqual(doneWith(count));
    // What the file was taken for is the secret that others have as a setting.
    expect(await rotate()).toEqual(doneWith(0));
  });

  it("reads what is under a file with a line break at its end after the file was moved to be the previous", async () => {
    const broken = `${OLD}\n`;
    const account = await createHistoryAccount(ENDPOINT);
    const { id } = await prisma().logProject.findFirstOrThrow({ where: { accountId: account.accountId } });
    const { encryptSecret: encryptBefore } = await under(
      { BACKTRAIL_SECRET: broken },
      () => import("@/server/access/secrets.ts"),
    );
    const externalSecretCiphertext = encryptBefore(SINK_KEY.secret, { purpose: "log-project", rowId: id });
    await prisma().logProject.update({ where: { id }, data: { externalSecretCiphertext } });
    const count = await countOld();
    writeFileSync(join(folder, "secret"), broken);
    renameSync(join(folder, "secret"), join(folder, "secret-previous"));
    writeFileSync(join(folder, "secret"), NEW);
    expect(await rotate({ BACKTRAIL_SECRET: "", BACKTRAIL_SECRET_PREVIOUS: "" })).toEqual(doneWith(1 + count));
    expect(await projectSecretAfterwards(account)).toBe(SINK_KEY.secret);
  });

  it.each<[string, Record<string, string>, string]>([
    ["no secret", { BACKTRAIL_SECRET: "" }, "The setting BACKTRAIL_SECRET is missing, and"],
    ["no previous secret", { BACKTRAIL_SECRET_PREVIOUS: "" }, "The setting BACKTRAIL_SECRET_PREVIOUS is missing, and"],
    ["the same twice", { BACKTRAIL_SECRET_PREVIOUS: NEW }, "The setting BACKTRAIL_SECRET_PREVIOUS is BACKTRAIL_SECRET"],
    ["a short one", { BACKTRAIL_SECRET_PREVIOUS: "short" }, "The setting BACKTRAIL_SECRET_PREVIOUS is not valid"],
  ])("with %s does nothing, makes none, and says so in one sentence", async (_, settings, sentence) => {
    const before = await ciphertexts();
    const { code, stdout, stderr } = await rotate({ ...ROTATING, ...settings });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^[^\n]+\.\n$/);
    expect(stderr).toContain(sentence);
    expect(await ciphertexts()).toEqual(before);
    expect(existsSync(join(folder, "secret"))).toBe(false);
  });

  it("knows every column that holds ciphertexts of ours", async () => {
    const { rows } = await pool().query<{ place: string }>(
      `SELECT table_name || '.' || column_name AS place FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name LIKE '%ciphertext%' ORDER BY place`,
    );
    expect(rows.map(({ place }) => place)).toEqual([
      "access_key.secret_ciphertext",
      "log_project.external_secret_ciphertext",
    ]);
  });
});

describe("authenticators", () => {
  type Enrolled = Person & { readonly client: AuthClient; readonly totpURI: string; readonly backupCodes: string[] };

  async function enrolled(account: HistoryAccount): Promise<Enrolled> {
    const person = await addPerson(account, "viewer");
    const client = new AuthClient();
    await client.signIn(person.email, person.password);
    const answer = await client.post("/two-factor/enable", { password: person.password });
    const { totpURI, backupCodes } = (await answer.json()) as Pick<Enrolled, "totpURI" | "backupCodes">;
    expect((await client.post("/two-factor/verify-totp", { code: codeOf(totpURI) })).status).toBe(200);
    return { ...person, client, totpURI, backupCodes };
  }

  /** Signs in as a process with these settings has it, with a code of the app and again with a backup code. */
  async function statusesOf(settings: Record<string, string>, { email, password, totpURI, backupCodes }: Enrolled) {
    const { AuthClient: Browser } = await under(settings, () => import("@/testing/auth-client.ts"));
    const statuses: number[] = [];
    for (const [path, code] of [
      ["/two-factor/verify-totp", codeOf(totpURI, 1)],
      ["/two-factor/verify-backup-code", backupCodes[0] ?? ""],
    ] as const) {
      const browser = new Browser();
      await browser.signIn(email, password);
      statuses.push((await browser.post(path, { code })).status);
    }
    return statuses;
  }

  /** As better-auth stored it before its ciphertexts named their secret. */
  async function storeAsBefore({ email }: Person): Promise<void> {
    const { secretConfig } = await auth().$context;
    const { id } = await prisma().user.findUniqueOrThrow({ where: { email } });
    const row = await prisma().twoFactor.findUniqueOrThrow({ where: { userId: id } });
    const [secret, backupCodes] = await Promise.all(
      [row.secret, row.backupCodes].map(async (data) =>
        symmetricEncrypt({
          key: authSecrets().secret,
          data: await symmetricDecrypt({ key: secretConfig, data }),
        }),
      ),
    );
    await prisma().twoFactor.update({ where: { userId: id }, data: { secret, backupCodes } });
  }

  it("open as before, during the rotation and after it, also those of earlier releases; sessions end", async () => {
    const account = await createHistoryAccount(ENDPOINT);
    const [before, during, after, legacyDuring, legacyAfter] = await Promise.all(
      Array.from({ length: 5 }, () => enrolled(account)),
    );
    if (!before || !during || !after || !legacyDuring || !legacyAfter) {
      throw new Error("five people were to be there");
    }
    await Promise.all([legacyDuring, legacyAfter].map(storeAsBefore));
    expect(await before.client.findSession()).not.toBeNull();

    const opened = [200, 200];
    expect(await statusesOf(ROTATING, during)).toEqual(opened);
    expect(await statusesOf(ROTATING, legacyDuring)).toEqual(opened);
    const { code } = await rotate();
    expect(code).toBe(0);
    expect(await statusesOf({ BACKTRAIL_SECRET: NEW }, after)).toEqual(opened);
    expect(await statusesOf({ BACKTRAIL_SECRET: NEW }, legacyAfter)).toEqual(opened);
    expect(await statusesOf({ BACKTRAIL_SECRET: NEW }, before)).toEqual(opened);

    const { auth: authAfterwards } = await under({ BACKTRAIL_SECRET: NEW }, () => import("@/server/access/auth.ts"));
    expect(await authAfterwards().api.getSession({ headers: before.client.headers() })).toBeNull();
  });

  it("of earlier releases are read under a previous secret as it is and without the line break that an editor leaves", async () => {
    const person = await enrolled(await createHistoryAccount(ENDPOINT));
    await storeAsBefore(person);
    expect((await rotate({ ...ROTATING, BACKTRAIL_SECRET_PREVIOUS: `${OLD}\n` })).code).toBe(0);
    expect(await statusesOf({ BACKTRAIL_SECRET: NEW }, person)).toEqual([200, 200]);
  });
});
