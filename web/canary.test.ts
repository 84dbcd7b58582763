import { globSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pool, prisma } from "@/server/db.ts";
import { addPerson, createSession } from "@/testing/console-session.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";

/** A web process is there within seconds; on a machine that does everything at once, later. */
const WEB_START_LIMIT_MS = 180_000;

/** Secrets that are nowhere else, so that each place where one is found is a leak. */
const CANARIES = ["CANARY-first-4f1b7c2e9a", "CANARY-second-8d3e6a0b5c"] as const;

const REF = { region: "cn-hangzhou", name: "canary" } as const;

let web: ProductProcess;
let base: string;
let account: HistoryAccount;
let cookie: string;

beforeAll(async () => {
  account = await createBuiltInAccount();
  const session = await createSession(await addPerson(account, "admin"));
  cookie = session.map(({ name, value }) => `${name}=${value}`).join("; ");
  const port = await findFreePort();
  base = `http://127.0.0.1:${port}`;
  web = await startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production", LOG_LEVEL: "trace" });
}, WEB_START_LIMIT_MS);

afterAll(() => web?.stop());

/** Calls an action as the browser does, and answers with all that comes back. */
async function act(action: string, input: object): Promise<string> {
  const manifest = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8"));
  const entry = Object.entries<{ exportedName: string }>(manifest.node).find(
    ([, { exportedName }]) => exportedName === action,
  );
  const response = await fetch(`${base}/destinations`, {
    method: "POST",
    headers: { cookie, origin: base, "next-action": entry?.[0] ?? "", "content-type": "text/plain;charset=UTF-8" },
    body: JSON.stringify([input]),
  });
  return `${JSON.stringify([...response.headers])}${await response.text()}`;
}

it("a key's secret that is entered, used, replaced and made to fail is found nowhere", async () => {
  const input = { ...REF, endpoint: "http://127.0.0.1:9", accessKeyId: "LTAIcanary", logTime: "auto" };
  const answers = [
    await act("createLogProjectAction", { ...input, accessKeySecret: CANARIES[0] }),
    // Twice: refused, with all that was asked for.
    await act("createLogProjectAction", { ...input, accessKeySecret: CANARIES[0] }),
    await act("createLogProjectAction", { ...input, accessKeySecret: `${CANARIES[0]} with spaces` }),
    await act("testLogProjectAction", REF),
    await act("updateLogProjectAction", { ...input, accessKeySecret: CANARIES[1] }),
    await act("testLogProjectAction", REF),
  ];
  expect(answers.filter((answer) => answer.includes('"ok":true'))).toHaveLength(4);
  // The ciphertext of another row, as a slip or an intruder in the database would put it there: it opens nothing.
  const foreign = await prisma().accessKey.findFirstOrThrow({ where: { accountId: account.accountId } });
  const where = { accountId_region_name: { accountId: account.accountId, ...REF } };
  await prisma().logProject.update({ where, data: { externalSecretCiphertext: foreign.secretCiphertext } });
  answers.push(await act("testLogProjectAction", REF));
  expect(answers.at(-1)).toContain('"code":"LogProjectKeyUnreadable"');

  for (const path of ["/destinations", "/audit", "/trails", "/events", "/no-such-page", "/audit/export?format=json"]) {
    for (const headers of [new Headers({ cookie }), new Headers({ cookie, rsc: "1" })]) {
      const response = await fetch(`${base}${path}`, { headers });
      answers.push(await response.text());
    }
  }
  const places = new Map<string, string>([
    ["answers", answers.join("\n")],
    ["log", readFileSync(join(tmpdir(), `backtrail-test-web-main.ts-${web.pid}.log`), "utf8")],
    ["database", await databaseText()],
    [
      "bundles",
      globSync(".next/static/**/*.js")
        .map((file) => readFileSync(file, "utf8"))
        .join("\n"),
    ],
  ]);
  for (const [place, text] of places) {
    expect([place, text.length > 100]).toEqual([place, true]);
    for (const canary of CANARIES) {
      for (const form of [
        canary,
        Buffer.from(canary).toString("base64").replace(/=+$/, ""),
        Buffer.from(canary).toString("hex"),
      ]) {
        expect([place, text.includes(form)]).toEqual([place, false]);
      }
    }
  }
  // What is looked for would be found: the key's id, which is no secret, is in all of these places that should have it.
  expect(places.get("answers")).toContain("LTAIcanary");
  expect(places.get("database")).toContain("LTAIcanary");
});

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
