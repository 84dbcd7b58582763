import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "undici";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { NewAccessKey } from "@/server/access/access-keys.ts";
import { closeDatabase, pool, prisma } from "@/server/db.ts";
import { provideSettings } from "@/server/env.ts";
import { getSlsTarget } from "@/server/log-service/queries.ts";
import { migrate } from "@/server/postgres/migrate.ts";
import { signV4 } from "@/server/sls/signature-v4.ts";
import { AuthClient } from "@/testing/auth-client.ts";
import { actionHeaders } from "@/testing/console-actions.ts";
import { addPerson, createSession, type Person } from "@/testing/console-session.ts";
import { makeFastFolder } from "@/testing/fast-folder.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { PostgresServer } from "@/testing/postgres-server.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { send, signLegacy, signV3 } from "@/testing/rpc-requests.ts";
import { codeOf } from "@/testing/totp.ts";

/** A database and two processes are there within seconds; on a machine that does everything at once, later. */
const START_LIMIT_MS = 240_000;

/** What a person enters for a log project, first and later: nowhere else, so that each place where one is found is a leak. */
const ENTERED = ["CANARY-first-4f1b7c2e9a", "CANARY-second-8d3e6a0b5c"] as const;

const REF = { region: "cn-hangzhou", name: "canary" } as const;
const BUILT_IN = { region: "cn-hangzhou", name: "history-test" } as const;

/** An id, which is no secret: where it is found, a secret beside it would be. */
const MARK = "LTAIcanary";

const PAGES = [
  "/destinations",
  "/audit",
  "/trails",
  "/jobs",
  "/events",
  "/people",
  "/access-keys",
  "/security",
  "/api-explorer",
];

/** What processes and commands derive their keys from, before the rotation and after. */
const NEXT_SECRET = "the next secret of the canary, which protects nothing";

/** A server of its own: the files of the tests' common one are none of an application's role to flush. */
let server: PostgresServer;
let web: ProductProcess;
let api: ProductProcess;
let base: string;
let apiAddress: string;
let account: HistoryAccount;
let admin: Person;
let cookie: string;
let sessionToken: string;
let folder: string;

beforeAll(async () => {
  server = await PostgresServer.create({ folder: makeFastFolder("backtrail-canary-") });
  await migrate(server.ownerUrl, server.applicationUrl);
  provideSettings({ DATABASE_URL: server.applicationUrl, MIGRATION_DATABASE_URL: server.ownerUrl });
  folder = mkdtempSync(join(tmpdir(), "backtrail-canary-"));
  account = await createBuiltInAccount();
  admin = await addPerson(account, "admin");
  const session = await createSession(admin);
  const signed = session.find(({ name }) => name.endsWith("session_token"))?.value ?? "";
  sessionToken = decodeURIComponent(signed).split(".")[0] ?? "";
  cookie = session.map(({ name, value }) => `${name}=${value}`).join("; ");
  const [port, apiPort] = [await findFreePort(), await findFreePort()];
  base = `http://127.0.0.1:${port}`;
  apiAddress = `127.0.0.1:${apiPort}`;
  const settings = { PORT: String(port), API_PORT: String(apiPort), NODE_ENV: "production", LOG_LEVEL: "trace" };
  [web, api] = await Promise.all([startProduct("web/main.ts", settings), startProduct("api/main.ts", settings)]);
}, START_LIMIT_MS);

afterAll(async () => {
  await Promise.all([web?.stop(), api?.stop()]);
  await closeDatabase();
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
}, START_LIMIT_MS);

/** Calls an action as the browser does, and answers with all that comes back. */
async function act(action: string, input: object, page = "/destinations"): Promise<string> {
  const response = await fetch(`${base}${page}`, {
    method: "POST",
    headers: { cookie, origin: base, ...actionHeaders(action) },
    body: JSON.stringify([input]),
  });
  return `${JSON.stringify([...response.headers])}${await response.text()}`;
}

function signIn(password: string): Promise<Response> {
  return fetch(`${base}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { origin: base, "content-type": "application/json" },
    body: JSON.stringify({ email: admin.email, password }),
  });
}

/** What a sign-in by password, the first code of an authenticator, and sign-ins by codes answer, and the tokens of the sessions that they begin. */
async function signInByCodes({ email, password }: Person) {
  const bodies: string[] = [];
  const tokens: string[] = [];
  const keep = async (browser: AuthClient, answer: Response) => {
    bodies.push(await answer.text());
    tokens.push((await browser.findSession())?.session.token ?? expect.unreachable("a session has begun"));
  };
  const first = new AuthClient();
  await keep(first, await first.signIn(email, password));
  const begun = await first.post("/two-factor/enable", { password });
  const { totpURI, backupCodes } = (await begun.json()) as { totpURI: string; backupCodes: string[] };
  await keep(first, await first.post("/two-factor/verify-totp", { code: codeOf(totpURI) }));
  for (const [path, code] of [
    ["/two-factor/verify-totp", codeOf(totpURI, 1)],
    ["/two-factor/verify-backup-code", backupCodes[0]],
  ] as const) {
    const browser = new AuthClient();
    await browser.signIn(email, password);
    await keep(browser, await browser.post(path, { code }));
  }
  return { bodies, tokens };
}

/** The secret of a link that an action has made, after the link was opened as now and as before, and was sent from another site's page. */
async function useLink(made: string, page: string): Promise<string> {
  const token = /#token=([\w-]{43})/.exec(made)?.[1] ?? expect.unreachable("a link was made");
  const opened = await fetch(`${base}/api/auth/people/open-link`, {
    method: "POST",
    headers: { origin: base, "content-type": "application/json" },
    body: JSON.stringify({ page: page.slice(1), token }),
  });
  expect(opened.status).toBe(200);
  const kept = opened.headers.getSetCookie().map((line) => line.split(";")[0]);
  expect((await fetch(`${base}${page}`, { headers: { cookie: kept.join("; ") } })).status).toBe(200);
  const link = `${base}${page}?token=${token}`;
  expect((await fetch(link)).status).toBe(200);
  const foreign = await fetch(link, { method: "POST", headers: { cookie, origin: "http://evil.example" }, body: "x" });
  expect(foreign.status).toBe(403);
  return token;
}

type Printed = { readonly code: number; readonly printed: string };

async function runCommand(script: string, args: readonly string[], settings: Record<string, string>): Promise<Printed> {
  const command = ["-C", "react-server", "--import", "tsx", `scripts/${script}.ts`, ...args];
  const env = { ...process.env, DATA_DIR: folder, LOG_LEVEL: "trace", ...settings };
  return promisify(execFile)(process.execPath, command, { env }).then(
    ({ stdout, stderr }) => ({ code: 0, printed: `${stdout}${stderr}` }),
    ({ code, stdout, stderr }) => ({ code: Number(code), printed: `${stdout}${stderr}` }),
  );
}

/** A key as an operator makes it: what the command prints is the one place where its secret is ever to be seen. */
async function makeKey(): Promise<NewAccessKey> {
  const policy = join(folder, "policy.json");
  writeFileSync(policy, '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}');
  const { code, printed } = await runCommand("access-key", ["--account", account.accountId, "--policy", policy], {
    LOG_LEVEL: "silent",
  });
  const [, id = "", secret = ""] = /^AccessKeyId: (\w+)\nAccessKeySecret .*: (\w{30})\n/.exec(printed) ?? [];
  expect([code, id.length, secret.length]).toEqual([0, 24, 30]);
  return { id, secret };
}

type ApiAnswer = { readonly status: number; readonly text: string };

/** A use of a key in every way that it can be used, and the answers, headers included. */
async function useKey(key: NewAccessKey): Promise<ApiAnswer[]> {
  const calls = [
    signV3(key, apiAddress, "DescribeTrails"),
    signLegacy(key, "DescribeTrails"),
    signLegacy(key, "DescribeTrails", {}, "POST"),
  ];
  const answers: ApiAnswer[] = [];
  for (const call of calls) {
    const { status, headers, body } = await send(apiAddress, call);
    answers.push({ status, text: JSON.stringify([headers, body]) });
  }
  const headers = { host: `${BUILT_IN.name}.127.0.0.1`, "x-log-apiversion": "0.6.0" };
  const signing = { region: BUILT_IN.region, accessKeyId: key.id, accessKeySecret: key.secret };
  const unsigned = { method: "GET", path: "/logstores", query: [], headers };
  const signed = signV4(unsigned, Buffer.alloc(0), signing, new Date());
  const response = await request(`http://${apiAddress}/logstores`, { headers: { ...headers, ...signed } });
  const text = `${JSON.stringify(response.headers)}${await response.body.text()}`;
  return [...answers, { status: response.statusCode, text }];
}

function statusesOf(answers: readonly ApiAnswer[]): number[] {
  return answers.map(({ status }) => status);
}

it("secrets that are entered, used, replaced, re-encrypted and made to fail are found nowhere", async () => {
  const answers: string[] = [];
  const expectUse = async (key: NewAccessKey, statuses: readonly number[]) => {
    const used = await useKey(key);
    expect(statusesOf(used)).toEqual(statuses);
    answers.push(...used.map(({ text }) => text));
  };

  // A log project's secret: entered, refused with all that was asked for, used, replaced.
  const input = { ...REF, endpoint: "http://127.0.0.1:9", accessKeyId: MARK, logTime: "auto" };
  answers.push(
    await act("createLogProjectAction", { ...input, accessKeySecret: ENTERED[0] }),
    await act("createLogProjectAction", { ...input, accessKeySecret: ENTERED[0] }),
    await act("createLogProjectAction", { ...input, accessKeySecret: `${ENTERED[0]} with spaces` }),
    await act("testLogProjectAction", REF),
    await act("updateLogProjectAction", { ...input, accessKeySecret: ENTERED[1] }),
    await act("testLogProjectAction", REF),
  );
  expect(answers.filter((answer) => answer.includes('"ok":true'))).toHaveLength(4);

  // A person's: a password typed rightly, wrongly and to confirm who they are, and links, which are in the answer that made them.
  const wrong = `${admin.password}-mistyped`;
  expect([(await signIn(admin.password)).status, (await signIn(wrong)).status]).toEqual([200, 401]);
  answers.push(
    await (await signIn(wrong)).text(),
    await act("confirmIdentityAction", { proof: admin.password }, "/people"),
  );
  expect(answers.at(-1)).toContain('"ok":true');
  const viewer = await addPerson(account, "viewer");
  const signedIn = await signInByCodes(viewer);
  answers.push(...signedIn.bodies);
  const { id: userId } = await prisma().user.findUniqueOrThrow({ where: { email: viewer.email } });
  const invitation = await useLink(
    await act("createInvitationAction", { email: "canary@backtrail.test", role: "viewer" }, "/people"),
    "/invitation",
  );
  const reset = await useLink(await act("createPasswordResetAction", { userId }, "/people"), "/reset-password");

  // An access key's: made, used, presented wrongly, replaced while both live, switched off, deleted.
  const [first, second] = [await makeKey(), await makeKey()];
  await expectUse(first, [200, 200, 200, 200]);
  await expectUse(second, [200, 200, 200, 200]);
  await expectUse({ id: first.id, secret: second.secret }, [400, 400, 400, 401]);
  await prisma().accessKey.update({ where: { id: first.id }, data: { status: "Inactive" } });
  await expectUse(first, [403, 403, 403, 401]);
  await prisma().accessKey.delete({ where: { id: first.id } });
  await expectUse(first, [404, 404, 404, 401]);

  // The ciphertext of another row, as a slip or an intruder in the database would put it there: it opens nothing.
  const { accountId } = account;
  const builtIn = await getSlsTarget(account.scope("actiontrail:CreateDeliveryHistoryJob"), {
    projectRegion: BUILT_IN.region,
    projectName: BUILT_IN.name,
  });
  const project = { accountId_region_name: { accountId, ...REF } };
  const key = { id: second.id };
  const own = await prisma().accessKey.findUniqueOrThrow({ where: key });
  const ofProject = await prisma().logProject.findUniqueOrThrow({ where: project });
  await prisma().logProject.update({ where: project, data: { externalSecretCiphertext: own.secretCiphertext } });
  await prisma().accessKey.update({
    where: key,
    data: { secretCiphertext: ofProject.externalSecretCiphertext ?? expect.unreachable("it has a key") },
  });
  answers.push(await act("testLogProjectAction", REF));
  expect(answers.at(-1)).toContain('"code":"LogProjectKeyUnreadable"');
  await expectUse(second, [500, 500, 500, 500]);
  const rotation = {
    BACKTRAIL_SECRET: NEXT_SECRET,
    BACKTRAIL_SECRET_PREVIOUS: process.env.BACKTRAIL_SECRET ?? "",
  };
  const swapped = await runCommand("rotate-secret", [], rotation);
  expect([swapped.code, swapped.printed.includes(second.id)]).toEqual([1, true]);
  await prisma().logProject.update({
    where: project,
    data: { externalSecretCiphertext: ofProject.externalSecretCiphertext },
  });
  await prisma().accessKey.update({ where: key, data: { secretCiphertext: own.secretCiphertext } });

  // All of them under another BACKTRAIL_SECRET, which the processes do not know: they read nothing any more.
  const rotated = await runCommand("rotate-secret", [], rotation);
  expect([rotated.code, rotated.printed]).toEqual([0, expect.stringContaining("Nothing is left")]);
  answers.push(await act("testLogProjectAction", REF));
  expect(answers.at(-1)).toContain('"code":"LogProjectKeyUnreadable"');
  await expectUse(second, [500, 500, 500, 500]);

  for (const path of PAGES) {
    for (const headers of [new Headers({ cookie }), new Headers({ cookie, rsc: "1" })]) {
      const response = await fetch(`${base}${path}`, { headers });
      // Not that of sign-in, to which it might have been sent on.
      expect([response.status, new URL(response.url).pathname]).toEqual([200, path]);
      answers.push(await response.text());
    }
  }
  for (const [path, status] of [
    ["/audit/export?format=json", 200],
    ["/no-such-page", 404],
  ] as const) {
    const response = await fetch(`${base}${path}`, { headers: { cookie } });
    expect([path, response.status]).toEqual([path, status]);
    answers.push(await response.text());
  }
  await Promise.all([web.stop(), api.stop()]);
  const files = await databaseFiles();
  const places: readonly (readonly [place: string, contents: Buffer])[] = [
    ["answers", Buffer.from(answers.join("\n"))],
    ["commands", Buffer.from(`${swapped.printed}${rotated.printed}`)],
    ["log of web", logOf("web/main.ts", web)],
    ["log of api", logOf("api/main.ts", api)],
    ["rows", Buffer.from(await databaseText())],
    ["tables", files.tables],
    ["write-ahead log", files.log],
    ["other files of the database", files.others],
    ["bundles", Buffer.concat(globSync(".next/static/**/*.{js,css,map}").map((file) => readFileSync(file)))],
  ];
  const secrets = [
    ...ENTERED,
    first.secret,
    second.secret,
    builtIn?.accessKeySecret ?? "",
    admin.password,
    wrong,
    invitation,
    reset,
    NEXT_SECRET,
    process.env.BACKTRAIL_SECRET ?? "",
    sessionToken,
    ...signedIn.tokens,
  ];
  /** Where sessions are kept, for as long as they last. */
  const ofSessions = ["rows", "tables", "write-ahead log"];
  for (const [place, contents] of places) {
    expect([place, contents.length > 100]).toEqual([place, true]);
    for (const [index, secret] of secrets.entries()) {
      expect([place, index, secret.length > 20]).toEqual([place, index, true]);
      if (signedIn.tokens.includes(secret) && ofSessions.includes(place)) {
        // Some of these sessions have ended since, and some have not.
        continue;
      }
      const found = formsOf(secret).filter((form) => contents.includes(form));
      const isKept = secret === sessionToken && ofSessions.includes(place);
      // Not with the secret itself in what a failure prints.
      expect([place, index, found.length]).toEqual([place, index, isKept ? 1 : 0]);
    }
  }
  // What is looked for would be found: ids, which are no secrets, are in all of these places that should have them.
  const marked = places.filter(([, contents]) => contents.includes(MARK)).map(([place]) => place);
  expect(marked).toEqual(expect.arrayContaining(["answers", "rows", "tables", "write-ahead log"]));
  const withKey = places.filter(([, contents]) => contents.includes(second.id)).map(([place]) => place);
  expect(withKey).toEqual(
    expect.arrayContaining(["answers", "commands", "log of api", "rows", "tables", "write-ahead log"]),
  );
});

/** How a secret could stand somewhere. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  return [secret, bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url"), hex, hex.toUpperCase()];
}

function logOf(main: string, { pid }: ProductProcess): Buffer {
  return readFileSync(join(tmpdir(), `backtrail-test-${main.replaceAll("/", "-")}-${pid}.log`));
}

/** Every row of every table, as text. */
async function databaseText(): Promise<string> {
  const { rows: tables } = await pool().query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'pgboss')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool().query<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join("\n");
}

/** What PostgreSQL has on disk, once all of it is there, with what was changed and deleted and is not cleaned up yet. */
async function databaseFiles(): Promise<{ readonly tables: Buffer; readonly log: Buffer; readonly others: Buffer }> {
  await server.asSuperuser("CHECKPOINT");
  const all = readdirSync(server.dataFolder, { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(join(server.dataFolder, file)).isFile(),
  );
  const contents = (isMeant: (file: string) => boolean) =>
    Buffer.concat(all.filter(isMeant).map((file) => readFileSync(join(server.dataFolder, file))));
  const isTable = (file: string) => file.startsWith("base/");
  const isLog = (file: string) => file.startsWith("pg_wal/");
  return {
    tables: contents(isTable),
    log: contents(isLog),
    others: Buffer.concat([contents((file) => !isTable(file) && !isLog(file)), readFileSync(server.logFile)]),
  };
}
