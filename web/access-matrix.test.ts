import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLES, type Role } from "@/domain/access/role.ts";
import { RPC_CALLS, type RpcAction } from "@/domain/rpc/calls.ts";
import { prisma } from "@/server/db.ts";
import { ACCESS_POLICY, type Access, CALL_POLICY } from "@/testing/access-policy.ts";
import { addPerson, createSession } from "@/testing/console-session.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";

/** A web process is there within seconds; on a machine that does everything at once, later. */
const WEB_START_LIMIT_MS = 180_000;

/**
 * Who asks. `removed` and `disabled` have lost the place in the account since signing in, or are shut out of it; `lowered` was an admin then
 * and is a viewer now.
 */
const PRINCIPALS = ["nobody", ...ROLES, "other-admin", "removed", "disabled", "lowered"] as const;
type Principal = (typeof PRINCIPALS)[number];

/** The role that counts at the moment of the request. */
const ROLE_OF: Readonly<Record<Principal, Role | null>> = {
  nobody: null,
  viewer: "viewer",
  operator: "operator",
  admin: "admin",
  "other-admin": "admin",
  removed: null,
  disabled: null,
  lowered: "viewer",
};

type Thing = {
  readonly name: string;
  readonly access: Access;
  readonly path: string;
  readonly actionId: string | null;
  /** Of an action. Where it is null, whoever is let in is told that it is no input, and nothing is done. */
  readonly input: object | null;
};
type Answer = { readonly status: number; readonly text: string; readonly location: string };

let web: ProductProcess;
let base: string;
let account: HistoryAccount;
let other: HistoryAccount;
const cookies = new Map<Principal, string>();
const emails = new Map<Principal, string>();

beforeAll(async () => {
  account = await createBuiltInAccount();
  other = await createBuiltInAccount();
  for (const principal of PRINCIPALS.filter((each) => each !== "nobody")) {
    const home = principal === "other-admin" ? other : account;
    const role = principal === "lowered" ? "admin" : (ROLE_OF[principal] ?? "admin");
    const person = await addPerson(home, role);
    const session = await createSession(person);
    emails.set(principal, person.email);
    cookies.set(principal, session.map(({ name, value }) => `${name}=${value}`).join("; "));
    const where = { user: { email: person.email } };
    if (principal === "removed") {
      await prisma().membership.deleteMany({ where });
    } else if (principal === "disabled") {
      await prisma().membership.updateMany({ where, data: { disabledAt: new Date() } });
    } else if (principal === "lowered") {
      await prisma().membership.updateMany({ where, data: { role: "viewer" } });
    }
  }
  const port = await findFreePort();
  base = `http://127.0.0.1:${port}`;
  web = await startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production" });
}, WEB_START_LIMIT_MS);

afterAll(() => web?.stop());

/** What the policy names, with the address and, for actions, the id by which browsers ask for it. */
function things(): Thing[] {
  const manifest = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8"));
  const actions = Object.entries<{ exportedName: string; filename: string; workers: Record<string, unknown> }>(
    manifest.node,
  );
  return Object.entries(ACCESS_POLICY).map(([name, access]) => {
    const [file = "", exported] = name.split("#");
    if (!file.endsWith("actions.ts")) {
      return { name, access, path: pathOf(file), actionId: null, input: null };
    }
    const [id, { workers }] = actions.find(
      ([, action]) => action.exportedName === exported && action.filename.endsWith(file),
    ) ?? ["", { workers: {} }];
    return { name, access, path: pathOf(Object.keys(workers)[0] ?? ""), actionId: id, input: null };
  });
}

const CALL_ACTION = "app/(console)/api-explorer/actions.ts#callApiAction";

/** Each call of the API as it is made at the console, about something that is not there. "signed" is for every member. */
function calls(): Thing[] {
  return things()
    .filter(({ name }) => name === CALL_ACTION)
    .flatMap((thing) =>
      (Object.keys(RPC_CALLS) as RpcAction[]).map((action) => {
        const least = CALL_POLICY[action];
        const { subject } = RPC_CALLS[action];
        const value = subject?.kind === "trail" ? "no-such-trail" : "2147483647";
        const parameters = subject === null ? {} : { [subject.parameter]: value };
        return {
          ...thing,
          name: `${CALL_ACTION} ${action}`,
          access: least === "signed" ? "viewer" : least,
          input: { action, parameters, body: "" },
        };
      }),
    );
}

/** Groups are in no address; what is named is not there, so that nothing comes of being let in. */
function pathOf(file: string): string {
  const path = file
    .replace(/^app/, "")
    .replace(/\/(page|route)(\.tsx?)?$/, "")
    .replace(/\/\([^)]*\)/g, "")
    .replace("[id]", "2147483647")
    .replace("[region]", "cn-hangzhou")
    .replace("[...all]", "get-session")
    .replace(/\[\w+\]/g, "no-such-name");
  return path === "" ? "/" : path;
}

type Asking = { readonly as: Principal; readonly origin: "own" | "foreign" | "none" };

async function ask({ name, path, actionId, input }: Thing, { as, origin }: Asking): Promise<Answer> {
  const method = actionId !== null || name.endsWith("#POST") ? "POST" : "GET";
  const response = await fetch(`${base}${path}`, {
    method,
    redirect: "manual",
    headers: {
      cookie: cookies.get(as) ?? "",
      ...(origin === "own" && { origin: base }),
      ...(origin === "foreign" && { origin: "http://evil.example" }),
      ...(actionId !== null && { "next-action": actionId, "content-type": "text/plain;charset=UTF-8" }),
    },
    ...(method === "POST" && { body: JSON.stringify([input]) }),
  });
  return { status: response.status, text: await response.text(), location: response.headers.get("location") ?? "" };
}

/** What became of a request, in one word. */
function outcomeOf({ actionId, name }: Thing, { status, text, location }: Answer): string {
  if (status === 403 && /"(Foreign|Missing)Origin"/.test(text)) {
    return "foreign";
  }
  if (status === 401 || text.includes('"code":"SessionEnded"') || location.startsWith("/sign-in")) {
    return "not signed in";
  }
  if (text.includes('"code":"NoPermission"') || text.includes(NOT_ALLOWED_WORDS) || text.includes(NO_ACCOUNT_WORDS)) {
    return "refused";
  }
  // What the API says is a text within the answer of the action.
  if (/\\?"Code\\?":\\?"NoPermission/.test(text)) {
    return "refused";
  }
  if (status >= 500 || (actionId !== null && !/"code":"|"ok":true/.test(text)) || /"data":\{"status":5/.test(text)) {
    return `${name}: ${status} ${text.slice(0, 200)}`;
  }
  return "let in";
}

/** What pages say to who may not see them (components/ui/words.ts, app/(console)/_components/words.ts). */
const NOT_ALLOWED_WORDS = "Your role does not show this page";
const NO_ACCOUNT_WORDS = "You are in no account yet";

function expectedOf({ access, actionId, name }: Thing, { as, origin }: Asking): string {
  const changes = actionId !== null || name.endsWith("#POST");
  if (origin === "foreign" || (origin === "none" && changes)) {
    return "foreign";
  }
  if (access === "anyone") {
    return "let in";
  }
  if (as === "nobody") {
    return "not signed in";
  }
  const role = ROLE_OF[as];
  if (access === "signed-in") {
    // The frame around every page is an account's; what people do for themselves needs none.
    return role === null && name.endsWith("page.tsx") ? "refused" : "let in";
  }
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(access) ? "let in" : "refused";
}

describe("everything in the console that can be asked for", () => {
  it.each(PRINCIPALS)(
    "answers %s as the written policy says, from its own page, another site's, and none",
    async (as) => {
      expect(calls()).toHaveLength(Object.keys(RPC_CALLS).length);
      const told: string[] = [];
      const written: string[] = [];
      let noted = (await refusalsOf(as)).length;
      for (const thing of [...things(), ...calls()]) {
        const origins = ["own", "foreign", "none"] as const;
        const answers = await Promise.all(origins.map((origin) => ask(thing, { as, origin })));
        const refusals = await refusalsOf(as, noted);
        noted += refusals.length;
        const entries: string[] = [];
        for (const [position, answer] of answers.entries()) {
          const origin = origins[position] ?? "none";
          const expected = expectedOf(thing, { as, origin });
          written.push(`${thing.name}, ${origin}: ${expected}`);
          told.push(`${thing.name}, ${origin}: ${outcomeOf(thing, answer)}`);
          entries.push(...entryOf(thing, { as, origin }, expected));
        }
        written.push(`${thing.name}, audit: ${entries.toSorted()}`);
        told.push(`${thing.name}, audit: ${refusals.flatMap((refusal) => asEntry(thing, refusal)).toSorted()}`);
      }
      expect(told).toEqual(written);
    },
  );
});

/** What opens more than a session should. */
const FRESH = ["createInvitation", "updateMember", "enableMember", "createPasswordReset", "removeMemberTwoFactor"];

describe("what opens more than a session should", () => {
  it("wants an admin who has shown who they are within ten minutes", async () => {
    const asked = things().filter(({ name }) => FRESH.some((action) => name.endsWith(`#${action}Action`)));
    expect(asked).toHaveLength(FRESH.length);
    const codes = async () => {
      const answers = await Promise.all(asked.map((thing) => ask(thing, { as: "admin", origin: "own" })));
      return answers.map(({ text }) => /"code":"(\w+)"/.exec(text)?.[1]);
    };
    expect(await codes()).toEqual(FRESH.map(() => "InvalidParameterValue"));
    const confirmedAt = new Date(Date.now() - 11 * 60_000);
    await prisma().session.updateMany({ where: { user: { email: emails.get("admin") } }, data: { confirmedAt } });
    expect(await codes()).toEqual(FRESH.map(() => "ReauthenticationRequired"));
    await prisma().session.updateMany({
      where: { user: { email: emails.get("admin") } },
      data: { confirmedAt: new Date() },
    });
  });
});

/** What the log of refusals in an account is about here; what calls of the API say besides is for their own tests. */
const REFUSALS = ["NoPermission", "ForeignOrigin", "MissingOrigin"];

/** Actions that take no input: there is none to refuse. */
const WITHOUT_INPUT = ["app/(console)/security/actions.ts#endOtherSessionsAction"];

type Refusal = { readonly action: string; readonly errorCode: string | null };

/**
 * What the audit has of a request, with the action where the policy names it. Who has no session, or no place in an account, has no audit that
 * it could be in; who is shut out still has.
 */
function entryOf(thing: Thing, { as, origin }: Asking, outcome: string): string[] {
  if (as === "nobody" || as === "removed") {
    return [];
  }
  if (outcome === "foreign") {
    return [`ConsoleRequest ${origin === "none" ? "MissingOrigin" : "ForeignOrigin"}`];
  }
  if (outcome === "refused") {
    return [`${ROLE_OF[as] === null ? "ConsoleRequest" : permissionOf(thing)} NoPermission`];
  }
  const isMalformed = thing.actionId !== null && thing.input === null && !WITHOUT_INPUT.includes(thing.name);
  return isMalformed ? [`${permissionOf(thing)} InvalidParameterValue`] : [];
}

function asEntry(thing: Thing, { action, errorCode }: Refusal): string[] {
  if (errorCode === null || (thing.input !== null && !REFUSALS.includes(errorCode))) {
    return [];
  }
  const isNamed = action === "ConsoleRequest" || thing.input !== null;
  return [`${isNamed ? action : "its action"} ${errorCode}`];
}

/** The permission that a call takes; what a page, route or other action takes is its own. The input that names the call may be missing. */
function permissionOf({ name, input }: Thing): string {
  const call = input !== null && "action" in input ? RPC_CALLS[input.action as RpcAction] : null;
  return call?.ramAction ?? (name === CALL_ACTION ? "ConsoleRequest" : "its action");
}

/** Refusals in the audit of the account, the oldest first, but for those that are known already. */
function refusalsOf(as: Principal, known = 0): Promise<Refusal[]> {
  const { accountId } = as === "other-admin" ? other : account;
  return prisma().auditEntry.findMany({
    where: { accountId, outcome: "refused" },
    select: { action: true, errorCode: true },
    orderBy: [{ at: "asc" }, { id: "asc" }],
    skip: known,
  });
}
