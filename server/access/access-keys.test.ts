import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RamAction } from "@/domain/access/action.ts";
import { type PolicyDocument, policyDocumentSchema } from "@/domain/access/policy.ts";
import { SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import type { DomainErrorCode } from "@/domain/errors.ts";
import { pool, prisma } from "@/server/db.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { type AccessKey, auditInactiveKey, noteLastUse, readAccessKey, scopeForAccessKey } from "./access-key-gate.ts";
import {
  createAccessKey,
  deleteAccessKey,
  disableAccessKey,
  enableAccessKey,
  listAccessKeys,
  rotateAccessKey,
  updateAccessKey,
} from "./access-keys.ts";
import { writeWaitingUses } from "./last-uses.ts";

const READ_ONLY = SYSTEM_POLICIES.AliyunActionTrailReadOnlyAccess;
const OWN: PolicyDocument = policyDocumentSchema.parse({
  Version: "1",
  Statement: [{ Effect: "Allow", Action: "actiontrail:DeleteTrail", Resource: "*" }],
});

let account: HistoryAccount;

beforeEach(async () => {
  account = await createBuiltInAccount();
});

const list = () => listAccessKeys(account.scope("backtrail:ListAccessKeys"));
const create = (name = "Terraform", policy = READ_ONLY) =>
  createAccessKey(account.scope("backtrail:CreateAccessKey"), { name, policy });
const rotate = (accessKeyId: string) => rotateAccessKey(account.scope("backtrail:RotateAccessKey"), { accessKeyId });
const disable = (accessKeyId: string) => disableAccessKey(account.scope("backtrail:DisableAccessKey"), { accessKeyId });
const enable = (accessKeyId: string) => enableAccessKey(account.scope("backtrail:EnableAccessKey"), { accessKeyId });
const remove = (accessKeyId: string) => deleteAccessKey(account.scope("backtrail:DeleteAccessKey"), { accessKeyId });

function refusal(code: DomainErrorCode) {
  return expect.objectContaining({ name: "DomainError", code });
}

/** What the audit has of the account's keys: action, code and what was said. */
async function audited(action: RamAction) {
  const entries = await prisma().auditEntry.findMany({
    where: { accountId: account.accountId, action },
  });
  return entries.map(({ errorCode, details }) => ({ errorCode, details }));
}

/** A client as the api process would have seen it. */
const client = (fields: { readonly address?: string; readonly now?: Date } = {}) => ({
  address: "203.0.113.7",
  requestId: "9F0C3E0A-0000-4000-8000-000000000001",
  isSecure: true,
  now: new Date(),
  ...fields,
});

async function keyOf(id: string): Promise<AccessKey> {
  const { key } = await readAccessKey(id);
  if (key === null) {
    throw new Error("the key is not there");
  }
  return key;
}

describe("a new key", () => {
  it("signs with the secret that was shown once; neither list nor audit has it", async () => {
    const { id, secret } = await create();
    expect(await readAccessKey(id)).toMatchObject({
      key: { secret, isActive: true, policy: READ_ONLY, lastUse: null },
    });
    const listed = await list();
    expect(listed).toMatchObject([
      { id, name: "Terraform", isActive: true, policyName: "AliyunActionTrailReadOnlyAccess", lastUse: null },
    ]);
    const entries = await audited("backtrail:CreateAccessKey");
    expect(entries).toMatchObject([{ errorCode: null, details: { accessKeyId: id, name: "Terraform" } }]);
    expect(JSON.stringify([listed, entries])).not.toContain(secret);
  });

  it("has a policy of its own as text that says the same", async () => {
    await create("Own", OWN);
    const [listed] = await list();
    expect(listed?.policyName).toBeNull();
    expect(policyDocumentSchema.parse(JSON.parse(listed?.policyText ?? ""))).toEqual(OWN);
  });
});

describe("a rotated key", () => {
  it("and its new one both sign, with the same name and policy, until the old one is deleted", async () => {
    const old = await create();
    const fresh = await rotate(old.id);
    expect([fresh.id === old.id, fresh.secret === old.secret]).toEqual([false, false]);
    for (const { id, secret } of [old, fresh]) {
      expect(await readAccessKey(id)).toMatchObject({ key: { secret, isActive: true, policy: READ_ONLY } });
    }
    expect(await list()).toMatchObject([
      { id: fresh.id, name: "Terraform", predecessorId: old.id, successorId: null },
      { id: old.id, name: "Terraform", predecessorId: null, successorId: fresh.id },
    ]);
    await remove(old.id);
    expect(await list()).toMatchObject([{ id: fresh.id, predecessorId: null }]);
    expect(await audited("backtrail:RotateAccessKey")).toEqual([
      { errorCode: null, details: { accessKeyId: old.id, newAccessKeyId: fresh.id } },
    ]);
  });

  it("is not rotated again while both are there, neither by its id nor by the new one's", async () => {
    const old = await create();
    const fresh = await rotate(old.id);
    for (const { id } of [old, fresh]) {
      await expect(rotate(id)).rejects.toEqual(refusal("AccessKeyRotated"));
    }
    expect(await list()).toHaveLength(2);
    const codes = (await audited("backtrail:RotateAccessKey")).map(({ errorCode }) => errorCode);
    expect(codes.sort()).toEqual(["AccessKeyRotated", "AccessKeyRotated", null]);
    await remove(old.id);
    await rotate(fresh.id);
  });

  it("makes one new key of many rotations at once", async () => {
    const { id } = await create();
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => rotate(id)));
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused.map(({ reason }) => reason)).toEqual(Array(3).fill(refusal("AccessKeyRotated")));
    expect(await list()).toHaveLength(2);
  });
});

describe("a key that is changed", () => {
  it("is judged by its new policy from the next request on; the audit has both", async () => {
    const { id } = await create();
    const scopeFor = async (action: RamAction) => scopeForAccessKey(await keyOf(id), action, "*", client());
    await scopeFor("actiontrail:DescribeTrails");
    const input = { accessKeyId: id, name: "Cleaner", policy: OWN };
    await updateAccessKey(account.scope("backtrail:UpdateAccessKey"), input);
    await expect(scopeFor("actiontrail:DescribeTrails")).rejects.toEqual(refusal("NoPermission"));
    await scopeFor("actiontrail:DeleteTrail");
    expect(await list()).toMatchObject([{ id, name: "Cleaner" }]);
    expect(await audited("backtrail:UpdateAccessKey")).toMatchObject([
      { errorCode: null, details: { accessKeyId: id, name: "Cleaner", policy: OWN, policyBefore: READ_ONLY } },
    ]);
  });

  it("is inactive as soon as it is disabled, active again when enabled, and gone when deleted", async () => {
    const { id } = await create();
    await disable(id);
    expect(await readAccessKey(id)).toMatchObject({ key: { isActive: false } });
    expect(await list()).toMatchObject([{ id, isActive: false }]);
    await enable(id);
    expect(await readAccessKey(id)).toMatchObject({ key: { isActive: true } });
    await remove(id);
    expect((await readAccessKey(id)).key).toBeNull();
    expect(await list()).toEqual([]);
    for (const action of ["Disable", "Enable", "Delete"] as const) {
      expect(await audited(`backtrail:${action}AccessKey`)).toEqual([
        { errorCode: null, details: { accessKeyId: id } },
      ]);
    }
  });

  it.each([
    ["of another account", keyOfOtherAccount],
    ["of the built-in log service", builtInKeyId],
    ["that nobody has", async () => `LTAI${randomUUID().slice(0, 8)}`],
  ])("%s is not found, nothing is done, and each refusal is in the audit", async (_, make) => {
    const id = await make();
    const update = (accessKeyId: string) =>
      updateAccessKey(account.scope("backtrail:UpdateAccessKey"), { accessKeyId, name: "Mine", policy: OWN });
    const before = await readAccessKey(id);
    for (const work of [rotate, update, disable, enable, remove]) {
      await expect(work(id)).rejects.toEqual(refusal("AccessKeyNotFound"));
    }
    expect((await readAccessKey(id)).key).toEqual(before.key);
    expect(await list()).toEqual([]);
    for (const verb of ["Rotate", "Update", "Disable", "Enable", "Delete"] as const) {
      expect(await audited(`backtrail:${verb}AccessKey`)).toEqual([
        { errorCode: "AccessKeyNotFound", details: { accessKeyId: id } },
      ]);
    }
  });
});

async function keyOfOtherAccount(): Promise<string> {
  const other = await createBuiltInAccount();
  const scope = other.scope("backtrail:CreateAccessKey");
  return (await createAccessKey(scope, { name: "Theirs", policy: READ_ONLY })).id;
}

async function builtInKeyId(): Promise<string> {
  const project = await prisma().logProject.findFirstOrThrow({ where: { accountId: account.accountId } });
  return project.builtInKeyId ?? "";
}

describe("a key whose stored policy can't be read", () => {
  const STORED = { Version: "2", Statement: [{ Effect: "Allow", Action: ["*"], Resource: ["*"], Until: "2030" }] };
  const FOREIGN = [STORED, {}, "everything", null];

  async function createUnreadable(stored: unknown = STORED): Promise<string> {
    const { id } = await create();
    await pool().query("UPDATE access_key SET policy = $2 WHERE id = $1", [id, JSON.stringify(stored)]);
    return id;
  }

  it.each(FOREIGN)(
    "is listed as such with what is stored, and refused each request, in the audit: %j",
    async (stored) => {
      const id = await createUnreadable(stored);
      const [listed] = await list();
      expect(listed).toMatchObject({ id, isPolicyReadable: false, policyName: null, policyText: expect.any(String) });
      const ask = async () => scopeForAccessKey(await keyOf(id), "actiontrail:DescribeTrails", "*", client());
      await expect(ask()).rejects.toEqual(refusal("NoPermission"));
      expect(await audited("actiontrail:DescribeTrails")).toEqual([
        { errorCode: "NoPermission", details: { isPolicyReadable: false } },
      ]);
    },
  );

  it("is not rotated, and can be disabled, enabled, deleted, and given another one", async () => {
    const id = await createUnreadable();
    expect(JSON.parse((await list())[0]?.policyText ?? "")).toEqual(STORED);
    await expect(rotate(id)).rejects.toEqual(refusal("AccessKeyPolicyUnreadable"));
    await disable(id);
    expect(await list()).toMatchObject([{ id, isActive: false, isPolicyReadable: false }]);
    await enable(id);
    await updateAccessKey(account.scope("backtrail:UpdateAccessKey"), { accessKeyId: id, name: "Mended", policy: OWN });
    expect(await list()).toMatchObject([{ id, isActive: true, isPolicyReadable: true }]);
    expect(await audited("backtrail:UpdateAccessKey")).toMatchObject([{ details: { policyBefore: STORED } }]);
    const other = await createUnreadable();
    await remove(other);
    expect((await readAccessKey(other)).key).toBeNull();
  });
});

describe("a key that is switched off and goes on being used", () => {
  it("is in the audit from the first try on, ever more seldom, with how many there were; other calls and clients by themselves", async () => {
    const key = { id: (await create()).id, accountId: account.accountId };
    const tries = async (action: RamAction) => {
      const entries = await audited(action);
      expect(new Set(entries.map(({ errorCode }) => errorCode))).toEqual(new Set(["InvalidAccessKeyId.Inactive"]));
      return entries.map(({ details }) => Object(details).tries).toSorted((one, other) => one - other);
    };
    for (let i = 0; i < 24; i++) {
      await auditInactiveKey(key, client(), "actiontrail:LookupEvents");
    }
    expect(await tries("actiontrail:LookupEvents")).toEqual([1, 2, 5, 10, 20]);
    await auditInactiveKey(key, client(), "actiontrail:DescribeTrails");
    expect(await tries("actiontrail:DescribeTrails")).toEqual([1]);
    await auditInactiveKey(key, client({ address: "198.51.100.9" }), "actiontrail:LookupEvents");
    expect(await tries("actiontrail:LookupEvents")).toEqual([1, 1, 2, 5, 10, 20]);
  });

  it("is counted one by one when many tries come at once", async () => {
    const key = { id: (await create()).id, accountId: account.accountId };
    await Promise.all(Array.from({ length: 12 }, () => auditInactiveKey(key, client(), "actiontrail:LookupEvents")));
    expect(await audited("actiontrail:LookupEvents")).toHaveLength(4);
  });
});

describe("the last use of a key", () => {
  const lastUse = async () => (await list())[0]?.lastUse;

  /** Uses of a key at these seconds after noon, each as a request that comes when what waited before is written. */
  const noon = new Date("2026-11-29T12:00:00Z").getTime();
  const secondsOn = (seconds: number) => new Date(noon + seconds * 1_000);
  async function use(id: string, seconds: number, call: string, address = "203.0.113.7") {
    await noteLastUse(await keyOf(id), client({ now: secondsOn(seconds), address }), call);
  }

  it("is its time, address and call, within ten seconds, and at once when address or call are others", async () => {
    const { id } = await create();
    await use(id, 0, "LookupEvents");
    expect(await lastUse()).toEqual({ at: secondsOn(0).toISOString(), from: "203.0.113.7", call: "LookupEvents" });
    await use(id, 9, "LookupEvents");
    await writeWaitingUses();
    expect((await lastUse())?.at).toBe(secondsOn(0).toISOString());
    await use(id, 10, "LookupEvents");
    expect((await lastUse())?.at).toBe(secondsOn(10).toISOString());
    await writeWaitingUses();
    await use(id, 11, "DescribeTrails");
    expect(await lastUse()).toMatchObject({ at: secondsOn(11).toISOString(), call: "DescribeTrails" });
    await writeWaitingUses();
    await use(id, 12, "DescribeTrails", "2001:db8::7");
    expect(await lastUse()).toEqual({ at: secondsOn(12).toISOString(), from: "2001:db8::7", call: "DescribeTrails" });
  });

  it("is written twice for hundreds of requests of two calls in a second, and soon says the last", async () => {
    const { id } = await create();
    const query = vi.spyOn(pool(), "query");
    const written = () => query.mock.calls.filter(([asked]) => Object(asked).name === "note-last-use").length;
    const key = await keyOf(id);
    const calls = ["LookupEvents", "DescribeTrails"];
    const note = (index: number) => noteLastUse(key, client({ now: new Date(noon + index) }), calls[index % 2] ?? "");
    await note(0);
    await Promise.all(Array.from({ length: 300 }, (_, index) => note(index + 1)));
    await note(401);
    expect(written()).toBe(1);
    const last = { at: new Date(noon + 401).toISOString(), from: "203.0.113.7", call: "DescribeTrails" };
    await expect.poll(lastUse, { timeout: 5_000 }).toEqual(last);
    expect(written()).toBe(2);
    query.mockRestore();
  });

  it("is the last one of all processes', whoever wrote in between", async () => {
    const { id } = await create();
    await use(id, 0, "LookupEvents");
    const where = { where: { id } };
    // Another process, which this one hears of from the row that comes with the next request.
    await prisma().accessKey.update({ ...where, data: { lastUsedAt: secondsOn(1), lastUsedCall: "StopLogging" } });
    await use(id, 2, "LookupEvents");
    await writeWaitingUses();
    expect(await lastUse()).toMatchObject({ at: secondsOn(2).toISOString(), call: "LookupEvents" });
  });

  it("is there when the process ends in the second after another use, and after one that could not be written", async () => {
    const { id } = await create();
    await use(id, 0, "LookupEvents");
    await use(id, 1, "DescribeTrails");
    await writeWaitingUses();
    expect(await lastUse()).toMatchObject({ at: secondsOn(1).toISOString(), call: "DescribeTrails" });
    await writeWaitingUses();
    const key = await keyOf(id);
    const query = vi.spyOn(pool(), "query").mockRejectedValueOnce(new Error("the database is gone") as never);
    await expect(noteLastUse(key, client({ now: secondsOn(2) }), "StopLogging")).rejects.toThrow("gone");
    query.mockRestore();
    await use(id, 3, "StopLogging");
    expect(await lastUse()).toMatchObject({ at: secondsOn(3).toISOString(), call: "StopLogging" });
  });

  it("is never replaced by an earlier one that another process notes later", async () => {
    const { id } = await create();
    const early = await keyOf(id);
    const late = new Date();
    await noteLastUse(early, client({ now: late }), "LookupEvents");
    // Where this process knows of the later one, and where it is another.
    for (const forget of [async () => undefined, writeWaitingUses]) {
      await forget();
      await noteLastUse(early, client({ now: new Date(late.getTime() - 1_000) }), "DescribeTrails");
      await writeWaitingUses();
      expect(await lastUse()).toMatchObject({ at: late.toISOString(), call: "LookupEvents" });
    }
  });

  it("disturbs nothing when the key is deleted meanwhile", async () => {
    const { id } = await create();
    const key = await keyOf(id);
    await remove(id);
    await noteLastUse(key, client(), "LookupEvents");
    expect(await list()).toEqual([]);
  });
});
