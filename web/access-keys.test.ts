import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import { createAccessKey, listAccessKeys } from "@/server/access/access-keys.ts";
import { pool, prisma } from "@/server/db.ts";
import { actionHeaders } from "@/testing/console-actions.ts";
import { addPerson, createSession, type Person } from "@/testing/console-session.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";

/** A web process is there within seconds; on a machine that does everything at once, later. */
const WEB_START_LIMIT_MS = 180_000;

const PAGE = "/access-keys";
const POLICY = SYSTEM_POLICIES.AliyunActionTrailReadOnlyAccess;
const FIELDS = { name: "Mine", policy: JSON.stringify(SYSTEM_POLICIES.AliyunActionTrailFullAccess) };

let web: ProductProcess;
let base: string;
let account: HistoryAccount;
let admin: Person;
let cookie: string;

beforeAll(async () => {
  const port = await findFreePort();
  base = `http://127.0.0.1:${port}`;
  web = await startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production", LOG_LEVEL: "trace" });
}, WEB_START_LIMIT_MS);

afterAll(() => web?.stop());

beforeEach(async () => {
  account = await createBuiltInAccount();
  admin = await addPerson(account, "admin");
  cookie = (await createSession(admin)).map(({ name, value }) => `${name}=${value}`).join("; ");
});

/** Calls an action as the browser does, and answers with all that comes back. */
async function act(action: string, input: object): Promise<string> {
  const response = await fetch(`${base}${PAGE}`, {
    method: "POST",
    headers: { cookie, origin: base, ...actionHeaders(action) },
    body: JSON.stringify([input]),
  });
  return `${JSON.stringify([...response.headers])}${await response.text()}`;
}

function list() {
  return listAccessKeys(account.scope("backtrail:ListAccessKeys"));
}

describe("somebody who has not shown for eleven minutes who they are", () => {
  beforeEach(async () => {
    const confirmedAt = new Date(Date.now() - 11 * 60_000);
    await prisma().session.updateMany({ where: { user: { email: admin.email } }, data: { confirmedAt } });
  });

  it("makes, rotates, changes and enables no key before they do, and the audit knows; they do disable and delete", async () => {
    const { id } = await createAccessKey(account.scope("backtrail:CreateAccessKey"), { policy: POLICY });
    const ref = { accessKeyId: id };
    const before = await list();
    for (const answer of [
      await act("createAccessKeyAction", FIELDS),
      await act("rotateAccessKeyAction", ref),
      await act("updateAccessKeyAction", { ...ref, ...FIELDS }),
      await act("enableAccessKeyAction", ref),
    ]) {
      expect(answer).toContain('"code":"ReauthenticationRequired"');
    }
    expect(await list()).toEqual(before);
    const refused = await prisma().auditEntry.findMany({
      where: { accountId: account.accountId, errorCode: "ReauthenticationRequired" },
    });
    expect(refused.map(({ action }) => action).sort()).toEqual([
      "backtrail:CreateAccessKey",
      "backtrail:EnableAccessKey",
      "backtrail:RotateAccessKey",
      "backtrail:UpdateAccessKey",
    ]);
    expect(await act("disableAccessKeyAction", ref)).toContain('"ok":true');
    expect(await list()).toMatchObject([{ id, isActive: false }]);
    expect(await act("deleteAccessKeyAction", ref)).toContain('"ok":true');
    expect(await list()).toEqual([]);
  });
});

describe("the secret of a key", () => {
  it("is in the answer that made it, and in no later answer, page, row or line of the log", async () => {
    const made = await act("createAccessKeyAction", FIELDS);
    const accessKeyId = /"id":"(LTAI\w{20})"/.exec(made)?.[1] ?? "";
    const rotated = await act("rotateAccessKeyAction", { accessKeyId });
    const secrets = [made, rotated].map((answer) => /"secret":"(\w{30})"/.exec(answer)?.[1] ?? "");
    expect(secrets.map((secret) => secret.length)).toEqual([30, 30]);
    const answers = [
      await act("rotateAccessKeyAction", { accessKeyId }),
      await act("updateAccessKeyAction", { accessKeyId, ...FIELDS }),
    ];
    expect(answers[0]).toContain('"code":"AccessKeyRotated"');
    expect(answers[1]).toContain('"ok":true');
    for (const path of [PAGE, `${PAGE}?panel=${accessKeyId}`, "/audit", "/audit/export?format=json"]) {
      for (const headers of [new Headers({ cookie }), new Headers({ cookie, rsc: "1" })]) {
        answers.push(await (await fetch(`${base}${path}`, { headers })).text());
      }
    }
    const { rows } = await pool().query(
      `SELECT t::text FROM access_key t WHERE account_id = $1
       UNION ALL SELECT t::text FROM audit_entry t WHERE account_id = $1`,
      [account.accountId],
    );
    const places = {
      answers: answers.join("\n"),
      rows: JSON.stringify(rows),
      log: readFileSync(join(tmpdir(), `backtrail-test-web-main.ts-${web.pid}.log`), "utf8"),
    };
    for (const [place, text] of Object.entries(places)) {
      expect([place, text.length > 100]).toEqual([place, true]);
      expect([place, secrets.filter((secret) => text.includes(secret)).length]).toEqual([place, 0]);
    }
    expect([places.answers.includes(accessKeyId), places.rows.includes(accessKeyId)]).toEqual([true, true]);
  });
});
