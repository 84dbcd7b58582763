import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT_COOKIE } from "@/domain/access/account-choice.ts";
import { ROLES, type Role } from "@/domain/access/role.ts";
import { SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { RPC_CALLS, type RpcAction } from "@/domain/rpc/calls.ts";
import { OPEN_PATHS } from "@/server/access/auth-hooks.ts";
import { createInvitation } from "@/server/access/invitations.ts";
import { prisma } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { createBuiltInLogProject } from "@/server/log-service/commands.ts";
import { closeQueue } from "@/server/queue.ts";
import {
  ACCESS_POLICY,
  type Access,
  AUTH_POLICY,
  CALL_POLICY,
  PROCESS_POLICY,
  SET_UP_PAGE,
} from "@/testing/access-policy.ts";
import { addAccessKey } from "@/testing/api-clients.ts";
import { addPerson, createSession, type Person } from "@/testing/console-session.ts";
import {
  addTrail,
  createBuiltInAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { CSP_REPORTS_PATH } from "./security-headers.ts";

/** A web process is there within seconds; on a machine that does everything at once, later. */
const WEB_START_LIMIT_MS = 180_000;

/**
 * Who asks. `removed` and `disabled` have lost the place in the account since signing in, or are shut out of it; `lowered` was an admin then
 * and is a viewer now; `owing` asks where a second factor is required, and has none.
 */
const PRINCIPALS = ["nobody", ...ROLES, "other-admin", "removed", "disabled", "lowered", "owing"] as const;
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
  owing: "admin",
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

let webs: readonly ProductProcess[] = [];
let base: string;
/** Of the process where a second factor is required. */
let demandingBase: string;
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
    emails.set(principal, person.email);
    cookies.set(principal, await cookieOf(person));
    const where = { user: { email: person.email } };
    if (principal === "removed") {
      await prisma().membership.deleteMany({ where });
    } else if (principal === "disabled") {
      await prisma().membership.updateMany({ where, data: { disabledAt: new Date() } });
    } else if (principal === "lowered") {
      await prisma().membership.updateMany({ where, data: { role: "viewer" } });
    }
  }
  const ports = [await findFreePort(), await findFreePort()] as const;
  [base, demandingBase] = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`];
  const settings = { NODE_ENV: "production" };
  webs = await Promise.all([
    startProduct("web/main.ts", { ...settings, PORT: String(ports[0]) }),
    startProduct("web/main.ts", { ...settings, PORT: String(ports[1]), SECOND_FACTOR: "required" }),
  ]);
}, WEB_START_LIMIT_MS);

afterAll(async () => {
  await Promise.all(webs.map((web) => web.stop()));
  await closeQueue();
});

async function cookieOf(person: Person): Promise<string> {
  const session = await createSession(person);
  return session.map(({ name, value }) => `${name}=${value}`).join("; ");
}

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
    .replace("[...all]", "callback/oidc")
    .replace(/\[\w+\]/g, "no-such-name");
  return path === "" ? "/" : path;
}

type Asking = { readonly as: Principal; readonly origin: "own" | "foreign" | "none" };

function ask(thing: Thing, { as, origin }: Asking): Promise<Answer> {
  return request(thing, cookies.get(as) ?? "", origin, as === "owing" ? demandingBase : base);
}

async function request(
  { name, path, actionId, input }: Thing,
  cookie: string,
  origin: Asking["origin"],
  at = base,
): Promise<Answer> {
  const method = actionId !== null || name.endsWith("#POST") ? "POST" : "GET";
  const response = await fetch(`${at}${path}`, {
    method,
    redirect: "manual",
    headers: {
      cookie,
      ...(origin === "own" && { origin: at }),
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
  if (text.includes('"code":"SecondFactorRequired"') || location.startsWith("/authenticator")) {
    return "led to set-up";
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
  if (as === "owing") {
    return name === SET_UP_PAGE ? "let in" : "led to set-up";
  }
  const role = ROLE_OF[as];
  if (access === "signed-in") {
    // The frame around every page of the console is an account's; what people do for themselves needs none.
    return role === null && name.startsWith("app/(console)") && name.endsWith("page.tsx") ? "refused" : "let in";
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

describe("what the console's process answers by itself", () => {
  it("is in the written policy, all of it", () => {
    const cases = readFileSync("web/main.ts", "utf8").matchAll(/^\s*case (\S+):/gm);
    const paths = [...cases].map(([, path = ""]) =>
      path === "CSP_REPORTS_PATH" ? CSP_REPORTS_PATH : path.replaceAll('"', ""),
    );
    expect(Object.keys(PROCESS_POLICY).map(pathIn).toSorted()).toEqual(paths.toSorted());
  });

  it.each(Object.entries(PROCESS_POLICY))("%s is for %s, from every page", async (name, access) => {
    expect(access).toBe("anyone");
    for (const origin of [base, "http://evil.example", null]) {
      const [method = ""] = name.split(" ");
      const headers: Record<string, string> = origin === null ? {} : { origin };
      const response = await fetch(`${base}${pathIn(name)}`, {
        method,
        headers,
        ...(method === "POST" && { body: "{}" }),
      });
      expect(response.status).toBeLessThan(300);
    }
  });
});

function pathIn(name: string): string {
  return name.split(" ")[1] ?? "";
}

/** No input of an endpoint for anyone, so that nothing comes of it; of the others, which look at the session later, one of the right shape. */
const AUTH_INPUT = { anyone: {}, "signed-in": { password: "none", code: "123456" } } as const;

describe("what better-auth answers", () => {
  it("is in the written policy, all of it", () => {
    expect(Object.keys(AUTH_POLICY).map(pathIn).toSorted()).toEqual(OPEN_PATHS.toSorted());
  });

  it.each(Object.entries(AUTH_POLICY))("%s is for %s, and for no other site's page", async (name, access) => {
    const { status } = await askAuth(name, access, { as: "nobody", origin: "own" });
    expect(status).toBeLessThan(500);
    expect(status === 401 ? "signed-in" : "anyone").toBe(access);
    expect((await askAuth(name, access, { as: "nobody", origin: "foreign" })).status).toBe(403);
  });

  it.each(PRINCIPALS)(
    "is open to %s as the written policy says, from its own page, another site's, and none; the audit has what is refused",
    async (as) => {
      const told: string[] = [];
      const written: string[] = [];
      let noted = (await refusalsOf(as)).length;
      // Signing out would end the session that the others are asked with.
      for (const [name, access] of Object.entries(AUTH_POLICY).filter(([name]) => name !== "POST /sign-out")) {
        const [method = ""] = name.split(" ");
        const thing = { name: `${name}#${method}`, access, path: pathIn(name), actionId: null, input: null };
        for (const origin of ["own", "foreign", "none"] as const) {
          const outcome = outcomeOf(thing, await askAuth(name, access, { as, origin }));
          const refusals = await refusalsOf(as, noted);
          noted += refusals.length;
          told.push(`${name}, ${origin}: ${outcome}`, ...refusals.map((each) => `${each.action} ${each.errorCode}`));
          // Who owes a second factor sets it up here, and is refused to remove one alone.
          const isRemoval = as === "owing" && name === "POST /two-factor/disable";
          const expected = expectedOf(thing, { as: as === "owing" && !isRemoval ? "admin" : as, origin });
          written.push(`${name}, ${origin}: ${expected}`);
          if (expected === "foreign") {
            written.push(...entryOf(thing, { as, origin }, expected));
          } else if (access === "signed-in" && as !== "nobody" && as !== "removed") {
            written.push(isRemoval ? "backtrail:DisableTwoFactor SecondFactorRequired" : (AUTH_REFUSALS[name] ?? ""));
          }
        }
      }
      expect(told).toEqual(written);
    },
  );
});

/** What the audit has of each endpoint for who is signed in, when somebody without an authenticator asks with AUTH_INPUT. */
const AUTH_REFUSALS: Readonly<Record<string, string>> = {
  "POST /two-factor/verify-totp": "backtrail:EnableTwoFactor TOTP_NOT_ENABLED",
  "POST /two-factor/verify-backup-code": "backtrail:EnableTwoFactor CODE_NOT_ASKED",
  "POST /two-factor/enable": "backtrail:EnableTwoFactor INVALID_PASSWORD",
  "POST /two-factor/disable": "backtrail:DisableTwoFactor INVALID_PASSWORD",
  "POST /two-factor/generate-backup-codes": "backtrail:CreateBackupCodes TWO_FACTOR_NOT_ENABLED",
};

async function askAuth(name: string, access: Access, { as, origin }: Asking): Promise<Answer> {
  const [method = ""] = name.split(" ");
  const at = as === "owing" ? demandingBase : base;
  const response = await fetch(`${at}/api/auth${pathIn(name).replace(":id", "oidc")}`, {
    method,
    redirect: "manual",
    headers: {
      cookie: cookies.get(as) ?? "",
      "content-type": "application/json",
      ...(origin === "own" && { origin: at }),
      ...(origin === "foreign" && { origin: "http://evil.example" }),
    },
    ...(method === "POST" && { body: JSON.stringify(AUTH_INPUT[access === "anyone" ? "anyone" : "signed-in"]) }),
  });
  return { status: response.status, text: await response.text(), location: response.headers.get("location") ?? "" };
}

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

const TRAIL = "inside-trail";
const PROJECT = "inside-project";

/** Actions whose input names nothing of an account: what they make is in the account of who asks, or they ask for a secret. */
const NAMING_NOTHING = [
  "createTrail",
  "createLogProject",
  "createInvitation",
  "createAccessKey",
  "changePassword",
  "endOtherSessions",
  "confirmIdentity",
  "join",
];

describe("what is in another account", () => {
  let inside: HistoryAccount;
  let insider: string;
  let strangers: string[];
  let stranger: Person;
  let jobId: number;
  let eventRef: string;
  /** By the action's name. */
  let inputs: Readonly<Record<string, object>>;

  beforeAll(async () => {
    inside = await createBuiltInAccount();
    const admin = await addPerson(inside, "admin");
    const member = await addPerson(inside, "viewer");
    insider = await cookieOf(admin);
    await addTrail(inside, { name: TRAIL, logstore: true });
    await createBuiltInLogProject(inside.scope("backtrail:CreateLogProject"), { region: "cn-hangzhou", name: PROJECT });
    const eventTime = new Date(Date.now() - 3_600_000);
    await recordTexts(inside, [eventText({ eventTime, eventId: "inside-event" })]);
    eventRef = encodeURIComponent(`${eventTime.toISOString()}/cn-hangzhou/inside-event`);
    const job = createHistoryJobInputSchema.parse({ trailName: TRAIL });
    ({ jobId } = await createHistoryJob(inside.scope("actiontrail:CreateDeliveryHistoryJob"), job));
    const { id: accessKeyId } = await addAccessKey(inside);
    const email = "invited@inside.example";
    await createInvitation(inside.scope("backtrail:CreateInvitation"), { email, role: "viewer" });
    const { id: userId } = await prisma().user.findUniqueOrThrow({ where: { email: member.email } });
    const { id: sessionId } = await prisma().session.findFirstOrThrow({ where: { user: { email: admin.email } } });
    const project = { region: "cn-hangzhou", name: PROJECT };
    const settings = { endpoint: "", accessKeyId: "LTAIinside", accessKeySecret: "", logTime: "auto" };
    inputs = {
      redeliverHistory: { trailName: TRAIL },
      updateTrail: { name: TRAIL, eventRW: "Read" },
      startLogging: { name: TRAIL },
      stopLogging: { name: TRAIL },
      deleteTrail: { name: TRAIL },
      pauseHistoryJob: { jobId },
      resumeHistoryJob: { jobId },
      cancelHistoryJob: { jobId },
      retryHistoryJob: { jobId },
      limitHistoryJob: { jobId, eventsPerSecondMax: 1 },
      deleteHistoryJob: { jobId },
      verifyHistoryJob: { jobId },
      updateLogProject: { ...project, ...settings },
      deleteLogProject: project,
      testLogProject: project,
      deleteInvitation: { email },
      updateMember: { userId, role: "admin" },
      disableMember: { userId },
      enableMember: { userId },
      deleteMember: { userId },
      endMemberSessions: { userId },
      endMemberSession: { userId, sessionId },
      createPasswordReset: { userId },
      removeMemberTwoFactor: { userId },
      rotateAccessKey: { accessKeyId },
      updateAccessKey: {
        accessKeyId,
        name: "taken over",
        policy: JSON.stringify(SYSTEM_POLICIES.AliyunActionTrailFullAccess),
      },
      disableAccessKey: { accessKeyId },
      enableAccessKey: { accessKeyId },
      deleteAccessKey: { accessKeyId },
      endSession: { sessionId },
      switchAccount: { accountId: inside.accountId },
    };
    stranger = await addPerson(other, "admin");
    const cookie = await cookieOf(stranger);
    strangers = [cookie, `${cookie}; ${ACCOUNT_COOKIE}=${inside.accountId}`];
  });

  /** Pages and routes of one thing, at the addresses that such a thing has in the account. */
  function addresses(): Thing[] {
    const ofOne = things().filter(({ name, actionId }) => actionId === null && /\[(?!\.)/.test(name));
    const events = things().filter(({ name }) => name.startsWith("app/(console)/events/one/"));
    return [
      ...ofOne.map((thing) => ({ ...thing, path: addressIn(thing.name) })),
      ...events.map((thing) => ({ ...thing, path: `${thing.path}?event=${eventRef}` })),
    ];
  }

  function addressIn(name: string): string {
    const path = (name.split("#")[0] ?? "")
      .replace(/^app/, "")
      .replace(/\/(page|route)\.tsx?$/, "")
      .replace(/\/\([^)]*\)/g, "")
      .replace("[name]", TRAIL)
      .replace("[id]", String(jobId))
      .replace("[region]/[project]/[logstore]", `cn-hangzhou/history-test/actiontrail_${TRAIL}`);
    return path.endsWith("/preview") ? `${path}?kind=default` : path;
  }

  /** Actions with what they name in the account. */
  function actions(): Thing[] {
    return things()
      .filter(({ actionId, name }) => actionId !== null && name !== CALL_ACTION)
      .flatMap((thing) => {
        const input = inputs[thing.name.split("#")[1]?.replace(/Action$/, "") ?? ""];
        return input === undefined ? [] : [{ ...thing, input }];
      });
  }

  function callsInside(): Thing[] {
    return calls().flatMap((thing) => {
      const action = thing.name.split(" ").at(-1) as RpcAction;
      const { subject } = RPC_CALLS[action];
      const value = subject?.kind === "trail" ? TRAIL : String(jobId);
      return subject === null
        ? []
        : [{ ...thing, input: { action, parameters: { [subject.parameter]: value }, body: "" } }];
    });
  }

  function whereabouts(thing: Thing, answer: Answer): string {
    const { status, text } = answer;
    const isGone =
      status === 404 ||
      // The page has begun to be sent when it finds out.
      text.includes("NEXT_HTTP_ERROR_FALLBACK;404") ||
      /"code":"(?:\w+NotFound|TrailNotFoundException|SlsProjectDoesNotExistException)"/.test(text) ||
      /"data":\{"status":404/.test(text);
    const isNoEvent = /"event":null|"field":"event"/.test(text);
    const outcome = outcomeOf(thing, answer);
    return outcome === "let in" && (isGone || isNoEvent) ? "not there" : outcome;
  }

  async function found(asked: readonly Thing[], cookie: string): Promise<string[]> {
    const told: string[] = [];
    for (const thing of asked) {
      told.push(`${thing.name}: ${whereabouts(thing, await request(thing, cookie, "own"))}`);
    }
    return told;
  }

  it("is asked for here by every page, route and action that names such a thing", () => {
    expect(addresses().length).toBeGreaterThan(10);
    const named = Object.keys(ACCESS_POLICY).flatMap((name) => /actions\.ts#(\w+)Action$/.exec(name)?.[1] ?? []);
    expect(named.filter((name) => !(name in inputs) && !NAMING_NOTHING.includes(name))).toEqual(["callApi"]);
  });

  it("is there for its own admin and not there for another account's, who may name the account in a cookie; nothing comes of it", async () => {
    const there = addresses().map(({ name }) => `${name}: let in`);
    expect(await found(addresses(), insider)).toEqual(there);
    const asked = [...addresses(), ...actions(), ...callsInside()];
    for (const cookie of strangers) {
      expect(await found(asked, cookie)).toEqual(asked.map(({ name }) => `${name}: not there`));
    }
    expect(await found(addresses(), insider)).toEqual(there);
    const { accountId } = inside;
    expect(await prisma().auditEntry.count({ where: { accountId, actorName: stranger.email } })).toBe(0);
  });

  it("is in no list of another account's", async () => {
    const list = {
      name: "jobs",
      access: "viewer",
      path: `/jobs/data?ids=${jobId}`,
      actionId: null,
      input: null,
    } as const;
    expect((await request(list, insider, "own")).text).toContain(TRAIL);
    for (const cookie of strangers) {
      for (const path of [list.path, `/slot/data?after=${jobId}`, "/jobs/list", "/trails", "/events/data"]) {
        const { status, text } = await request({ ...list, path }, cookie, "own");
        expect(status).toBe(200);
        expect(text).not.toMatch(/inside-(?:trail|project|event)/);
      }
    }
  });
});

/** What the log of refusals in an account is about here; what calls of the API say besides is for their own tests. */
const REFUSALS = ["NoPermission", "ForeignOrigin", "MissingOrigin", "SecondFactorRequired"];

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
  if (outcome === "led to set-up") {
    // Of reads the first of a minute.
    return origin === "own" ? ["ConsoleRequest SecondFactorRequired"] : [];
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
