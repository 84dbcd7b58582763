import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RAM_ACTIONS, type RamAction } from "@/domain/access/action.ts";
import type { PolicyDocument } from "@/domain/access/policy.ts";
import { ROLE_POLICIES, ROLES, type Role } from "@/domain/access/role.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { RPC_CALLS, type RpcAction } from "@/domain/rpc/calls.ts";
import type { NewAccessKey } from "@/server/access/access-keys.ts";
import { prisma } from "@/server/db.ts";
import { provideSettings } from "@/server/env.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { closeQueue } from "@/server/queue.ts";
import { signV4 } from "@/server/sls/signature-v4.ts";
import { readQuery } from "@/server/sls/signed-request.ts";
import { CALL_POLICY, LOG_SERVICE_POLICY } from "@/testing/access-policy.ts";
import { addAccessKey } from "@/testing/api-clients.ts";
import { addTrail, createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { send, signV3 } from "@/testing/rpc-requests.ts";
import { buildServer } from "./server.ts";

// Everybody at every call of the API and of the built-in log service, against the written policy (testing/access-policy.ts).

/**
 * Who signs: `nobody` does not; `stranger` has an id that no key has, `impostor` the id of the admin's and another secret; `disabled` has a
 * key that was switched off; `bare` one whose policy allows nothing; `other-admin` one of another account; `lowered` one with an admin's policy
 * that was exchanged for a viewer's after it was used.
 */
const UNKNOWN = ["nobody", "stranger", "impostor", "disabled"] as const;
const KNOWN = ["bare", ...ROLES, "other-admin", "lowered"] as const;
const PRINCIPALS = [...UNKNOWN, ...KNOWN] as const;
type Principal = (typeof PRINCIPALS)[number];

/** The role whose policy the key carries at the moment of the request; null where there is none, or none counts. */
const ROLE_OF: Readonly<Record<Principal, Role | null>> = {
  nobody: null,
  stranger: null,
  impostor: null,
  disabled: null,
  bare: null,
  viewer: "viewer",
  operator: "operator",
  admin: "admin",
  "other-admin": "admin",
  lowered: "viewer",
};

const NOTHING: PolicyDocument = { Version: "1", Statement: [{ Effect: "Deny", Action: ["*"], Resource: ["*"] }] };

const TRAIL = "matrix-trail";
const LOGSTORE = `actiontrail_${TRAIL}`;
const PROJECT = "history-test";
const REGION = "cn-hangzhou";

let server: FastifyInstance;
let address: string;
let account: HistoryAccount;
let other: HistoryAccount;
let jobId: number;
const keys = new Map<Principal, NewAccessKey>();
const routes: string[] = [];

beforeAll(async () => {
  provideSettings({ FLOW_CONTROL: "off" });
  server = buildServer();
  server.addHook("onRoute", ({ method, url }) => {
    routes.push(...[method].flat().map((one) => `${one} ${url}`));
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  address = `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  account = await createBuiltInAccount();
  other = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, logstore: true });
  const job = createHistoryJobInputSchema.parse({ trailName: TRAIL });
  ({ jobId } = await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), job));
  for (const principal of KNOWN) {
    const role = principal === "lowered" ? "admin" : ROLE_OF[principal];
    const policy = role === null ? NOTHING : ROLE_POLICIES[role];
    keys.set(principal, await addAccessKey(principal === "other-admin" ? other : account, policy));
  }
  const disabled = await addAccessKey(account, ROLE_POLICIES.admin);
  await prisma().accessKey.update({ where: { id: disabled.id }, data: { status: "Inactive" } });
  const stranger = { id: "LTAIofNobodyAtAll0123456", secret: "x".repeat(30) };
  keys.set("disabled", disabled).set("stranger", stranger).set("nobody", stranger);
  keys.set("impostor", { id: keyOf("admin").id, secret: "x".repeat(30) });
  const { id } = keyOf("lowered");
  const call = signV3(keyOf("lowered"), address, "UpdateTrail", { parameters: { Name: TRAIL } });
  const { status } = await send(address, call);
  expect(status).toBe(200);
  await prisma().accessKey.update({ where: { id }, data: { policy: ROLE_POLICIES.viewer } });
});

afterAll(async () => {
  await server.close();
  await closeQueue();
});

function keyOf(principal: Principal): NewAccessKey {
  return keys.get(principal) ?? expect.unreachable(`${principal} has a key`);
}

type Call = {
  readonly name: string;
  /** The least role whose policy allows it; "signed" for any key's. */
  readonly least: "signed" | Role;
  /** What its refusals are noted under; null where any key will do. */
  readonly action: RamAction | null;
  /** Whether it is about one thing: of the first account where somebody of the other asks, or else one that is not there. */
  readonly isAboutOne: boolean;
};

function expectedOf(as: Principal, { least, isAboutOne }: Call): string {
  if (UNKNOWN.some((each) => each === as)) {
    return "not known";
  }
  const role = ROLE_OF[as];
  if (least !== "signed" && (role === null || ROLES.indexOf(role) < ROLES.indexOf(least))) {
    return "refused";
  }
  return as === "other-admin" && isAboutOne ? "not there" : "let in";
}

/** Compares what came of each call with the policy, and the audit with what it should have of it. */
async function compare(as: Principal, calls: readonly Call[], outcomeOf: (call: Call) => Promise<string>) {
  const before = { refusals: await refusalsOf(as), entries: await prisma().auditEntry.count() };
  const told: string[] = [];
  for (const call of calls) {
    told.push(`${call.name}: ${await outcomeOf(call)}`);
  }
  expect(told).toEqual(calls.map((call) => `${call.name}: ${expectedOf(as, call)}`));
  const audited = calls.flatMap((call) => (isAudited(as, call) ? [call.action] : []));
  expect(await refusalsOf(as)).toEqual([...before.refusals, ...audited].toSorted());
  if (as === "nobody" || as === "stranger" || as === "impostor") {
    // No account's audit can be filled by who holds no secret of it.
    expect(await prisma().auditEntry.count()).toBe(before.entries);
  }
}

/** A key that is switched off and signs well is its account's; others that are not known are nobody's. */
function isAudited(as: Principal, call: Call): boolean {
  return call.action !== null && (as === "disabled" || expectedOf(as, call) === "refused");
}

/** What the audit of the key's account has refused it: permissions, and all that a key asks which is switched off. */
async function refusalsOf(as: Principal): Promise<string[]> {
  const entries = await prisma().auditEntry.findMany({
    where: {
      accountId: (as === "other-admin" ? other : account).accountId,
      actorId: keyOf(as).id,
      from: "127.0.0.1",
      outcome: "refused",
      errorCode: { in: ["NoPermission", "InvalidAccessKeyId.Inactive"] },
    },
  });
  return entries.map(({ action }) => action).toSorted();
}

describe("the written policy", () => {
  it("names every call of the vendor's API, and nothing else", () => {
    expect(Object.keys(CALL_POLICY).toSorted()).toEqual(Object.keys(RPC_CALLS).toSorted());
  });

  it("names every call of the built-in log service, and nothing else", () => {
    const offered = routes.filter((route) => route.includes(" /logstores"));
    // All else that the process listens to: the API's one address, in every method, and the probes, which were there before the hook.
    expect(routes.filter((route) => !offered.includes(route) && !route.endsWith(" /"))).toEqual([]);
    const named = new Set(Object.keys(LOG_SERVICE_POLICY).map((name) => name.split("?")[0]));
    expect([...named].toSorted()).toEqual(offered.toSorted());
  });

  it("knows every permission of the log service", () => {
    const named = new Set<RamAction>(Object.values(LOG_SERVICE_POLICY).map(({ action }) => action));
    expect([...named].toSorted()).toEqual(RAM_ACTIONS.filter((action) => action.startsWith("log:")).toSorted());
  });
});

describe("the calls of the vendor's API", () => {
  const CALLS = (Object.keys(RPC_CALLS) as RpcAction[]).map((name) => ({
    name,
    least: CALL_POLICY[name],
    action: RPC_CALLS[name].ramAction,
    isAboutOne: RPC_CALLS[name].subject !== null,
  }));

  function parametersOf(as: Principal, action: RpcAction): Record<string, string> {
    const { subject } = RPC_CALLS[action];
    const isOther = as === "other-admin";
    switch (subject?.kind) {
      case "trail":
        return { [subject.parameter]: isOther ? TRAIL : "no-such-trail" };
      case "history-job":
        return { [subject.parameter]: isOther ? String(jobId) : "2147483647" };
      case undefined:
        return {};
    }
  }

  async function ask(as: Principal, action: RpcAction): Promise<string> {
    const signed = signV3(keyOf(as), address, action, { parameters: parametersOf(as, action) });
    const { authorization: _, ...unsigned } = signed.headers;
    const { status, body } = await send(address, as === "nobody" ? { ...signed, headers: unsigned } : signed);
    const code = String(body.Code ?? "");
    if (/^(IncompleteSignature|MissingParameter|SignatureDoesNotMatch|InvalidAccessKeyId\.\w+)$/.test(code)) {
      return "not known";
    }
    if (code === "NoPermission") {
      return "refused";
    }
    const text = JSON.stringify(body);
    if (status >= 500 || (as === "other-admin" && text.includes(account.accountId))) {
      return `${status} ${text.slice(0, 300)}`;
    }
    return as === "other-admin" && status === 404 ? "not there" : "let in";
  }

  it.each(PRINCIPALS)("answer %s as the written policy says, and each refusal is in the audit", async (as) => {
    await compare(as, CALLS, ({ name }) => ask(as, name as RpcAction));
  });
});

describe("the calls of the built-in log service", () => {
  const CALLS = Object.entries(LOG_SERVICE_POLICY).map(([name, policy]) => ({
    name,
    ...policy,
    isAboutOne: name.includes(":logstore"),
  }));

  /** What makes it the call that it is, of those that need more than an address to be let in. */
  const SENT: Readonly<Record<string, { readonly query?: string; readonly body?: string }>> = {
    "GET /logstores/:logstore?type": { query: "type=log&from=1&to=2" },
    "POST /logstores/:logstore/logs": { body: '{"from":1,"to":2}' },
    "POST /logstores/:logstore/shards/route": { query: `key=${"0".repeat(32)}` },
  };

  async function ask(as: Principal, name: string): Promise<string> {
    const [method = "", pattern = ""] = name.split(" ");
    const logstore = as === "other-admin" ? LOGSTORE : "no-such-logstore";
    const path = (pattern.split("?")[0] ?? "").replace(":logstore", logstore);
    const { query = "", body = "" } = SENT[name] ?? {};
    const headers: Record<string, string> = {
      host: `${PROJECT}.127.0.0.1`,
      "x-log-apiversion": "0.6.0",
      ...(method === "POST" && { "content-type": "application/json" }),
    };
    const key = { region: REGION, accessKeyId: keyOf(as).id, accessKeySecret: keyOf(as).secret };
    const signed = { method, path, query: readQuery(query), headers };
    const response = await request(`http://${address}${path}${query === "" ? "" : `?${query}`}`, {
      method: method === "POST" ? "POST" : "GET",
      headers: { ...headers, ...(as === "nobody" ? {} : signV4(signed, Buffer.from(body), key, new Date())) },
      ...(body === "" ? {} : { body }),
    });
    const text = await response.body.text();
    const { errorCode = "", errorMessage = "" } = text.startsWith("{") ? JSON.parse(text) : {};
    if (errorCode === "SignatureNotMatch" || (errorCode === "Unauthorized" && /is not signed/.test(errorMessage))) {
      return "not known";
    }
    if (errorCode === "Unauthorized" && /policy does not allow/.test(errorMessage)) {
      return "refused";
    }
    if (response.statusCode >= 500 || (as === "other-admin" && text.includes(account.accountId))) {
      return `${response.statusCode} ${text.slice(0, 300)}`;
    }
    return as === "other-admin" && errorCode === "LogStoreNotExist" ? "not there" : "let in";
  }

  it.each(PRINCIPALS)("answer %s as the written policy says, and each refusal is in the audit", async (as) => {
    await compare(as, CALLS, ({ name }) => ask(as, name));
  });
});
