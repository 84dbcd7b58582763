import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PolicyDocument, policyDocumentSchema } from "@/domain/access/policy.ts";
import { SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import {
  createAccessKey,
  deleteAccessKey,
  disableAccessKey,
  enableAccessKey,
  listAccessKeys,
  type NewAccessKey,
  rotateAccessKey,
} from "@/server/access/access-keys.ts";
import { writeWaitingUses } from "@/server/access/last-uses.ts";
import { prisma } from "@/server/db.ts";
import { getSlsTarget } from "@/server/log-service/queries.ts";
import { putLogs } from "@/server/sls/client.ts";
import { LogGroupWriter } from "@/server/sls/log-group.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { send, signV3 } from "@/testing/rpc-requests.ts";
import { buildServer } from "./server.ts";

// What the console does to a key, as its client sees it: nothing but the signed request decides.

let server: FastifyInstance;
let here: string;

beforeAll(async () => {
  server = buildServer();
  await server.listen({ host: "127.0.0.1", port: 0 });
  here = `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

async function newKey(policy: PolicyDocument = SYSTEM_POLICIES.AliyunActionTrailReadOnlyAccess) {
  const account = await createBuiltInAccount();
  return { account, key: await createAccessKey(account.scope("backtrail:CreateAccessKey"), { policy }) };
}

/** The code of what the client is answered; nothing for an answer that is none of a refusal. */
async function ask(key: NewAccessKey, action = "DescribeTrails", nonce?: string): Promise<unknown> {
  const options = nonce === undefined ? {} : { nonce };
  return (await send(here, signV3(key, here, action, options))).body.Code;
}

async function lastUseOf(account: HistoryAccount, id: string) {
  const keys = await listAccessKeys(account.scope("backtrail:ListAccessKeys"));
  return keys.find((key) => key.id === id)?.lastUse;
}

describe("a client", () => {
  it("is refused from the request after its key is disabled, and for good once it is deleted", async () => {
    const { account, key } = await newKey();
    const ref = { accessKeyId: key.id };
    expect(await ask(key)).toBeUndefined();
    await disableAccessKey(account.scope("backtrail:DisableAccessKey"), ref);
    expect(await ask(key)).toBe("InvalidAccessKeyId.Inactive");
    await enableAccessKey(account.scope("backtrail:EnableAccessKey"), ref);
    expect(await ask(key)).toBeUndefined();
    await deleteAccessKey(account.scope("backtrail:DeleteAccessKey"), ref);
    expect(await ask(key)).toBe("InvalidAccessKeyId.NotFound");
  });

  it("is refused, and meets no fault, while nobody can read the policy of its key", async () => {
    const { key } = await newKey();
    await prisma().accessKey.update({ where: { id: key.id }, data: { policy: { Version: "2", Statement: [] } } });
    expect([await ask(key), await ask(key, "DescribeRegions")]).toEqual(["NoPermission", undefined]);
  });

  it("signs with the old and the new key of a rotation, and with neither's secret under the other's id", async () => {
    const { account, key: old } = await newKey();
    const fresh = await rotateAccessKey(account.scope("backtrail:RotateAccessKey"), { accessKeyId: old.id });
    expect([await ask(old), await ask(fresh)]).toEqual([undefined, undefined]);
    expect(await ask({ id: old.id, secret: fresh.secret })).toBe("SignatureDoesNotMatch");
    await deleteAccessKey(account.scope("backtrail:DeleteAccessKey"), { accessKeyId: old.id });
    expect([await ask(old), await ask(fresh)]).toEqual(["InvalidAccessKeyId.NotFound", undefined]);
  });
});

describe("the last use of a key", () => {
  it("is the last call that its secret has signed, refused by its policy or not", async () => {
    const { account, key } = await newKey();
    await ask(key);
    expect(await lastUseOf(account, key.id)).toMatchObject({ from: "127.0.0.1", call: "DescribeTrails" });
    expect(await ask(key, "StopLogging")).toBe("NoPermission");
    const last = () => lastUseOf(account, key.id);
    await expect.poll(last, { timeout: 5_000 }).toMatchObject({ call: "StopLogging" });
  });

  it("is written when the process ends before it is due", async () => {
    const ending = buildServer();
    await ending.listen({ host: "127.0.0.1", port: 0 });
    const there = `127.0.0.1:${(ending.server.address() as AddressInfo).port}`;
    const { account, key } = await newKey();
    await send(there, signV3(key, there, "DescribeTrails"));
    await send(there, signV3(key, there, "DescribeRegions"));
    await ending.close();
    expect(await lastUseOf(account, key.id)).toMatchObject({ call: "DescribeRegions" });
  });

  it("is no request that somebody else has signed, that is sent again, or that came while the key was disabled", async () => {
    const { account, key } = await newKey();
    expect(await ask({ ...key, secret: "x" })).toBe("SignatureDoesNotMatch");
    expect(await lastUseOf(account, key.id)).toBeNull();
    await ask(key, "DescribeTrails", "one");
    expect(await ask(key, "DescribeRegions", "one")).toBe("SignatureNonceUsed");
    await disableAccessKey(account.scope("backtrail:DisableAccessKey"), { accessKeyId: key.id });
    expect(await ask(key, "LookupEvents")).toBe("InvalidAccessKeyId.Inactive");
    await writeWaitingUses();
    expect(await lastUseOf(account, key.id)).toMatchObject({ call: "DescribeTrails" });
  });

  it("is that of the built-in log service, too", async () => {
    const policy = policyDocumentSchema.parse({
      Version: "1",
      Statement: [{ Effect: "Allow", Action: "log:*", Resource: "*" }],
    });
    const { account, key } = await newKey(policy);
    const scope = account.scope("actiontrail:CreateDeliveryHistoryJob");
    const target = await getSlsTarget(scope, { projectRegion: "cn-hangzhou", projectName: "history-test" });
    if (target === null) {
      throw new Error("the account has no log project");
    }
    const group = new LogGroupWriter({ topic: "", source: "", tags: [] }).finish();
    const signed = { ...target, endpoint: `http://${here}`, accessKeyId: key.id, accessKeySecret: key.secret };
    await putLogs(signed, "no-such-logstore", group, { signedAt: new Date(), signal: new AbortController().signal });
    expect(await lastUseOf(account, key.id)).toMatchObject({ from: "127.0.0.1", call: "log:PostLogStoreLogs" });
  });
});
