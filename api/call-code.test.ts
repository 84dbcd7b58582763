import { execFile } from "node:child_process";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policyDocumentSchema } from "@/domain/access/policy.ts";
import { callCode, type WrittenCall } from "@/domain/rpc/call-code.ts";
import type { NewAccessKey } from "@/server/access/access-keys.ts";
import { addAccessKey } from "@/testing/api-clients.ts";
import { addTrail, createBuiltInAccount, eventText } from "@/testing/history-account.ts";
import { buildServer } from "./server.ts";

const run = promisify(execFile);

let server: FastifyInstance;
let endpoint: string;
let key: NewAccessKey;

beforeAll(async () => {
  server = buildServer();
  await server.listen({ host: "127.0.0.1", port: 0 });
  endpoint = `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const account = await createBuiltInAccount();
  await addTrail(account, { name: "audit-trail" });
  const everything = { Version: "1", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  key = await addAccessKey(account, policyDocumentSchema.parse(everything));
});

afterAll(() => server.close());

/** What a person sees who runs the explorer's TypeScript, which Node runs as it is. */
async function runTypescript(call: Pick<WrittenCall, "action" | "parameters" | "events">): Promise<unknown> {
  const code = callCode("typescript", { ...call, endpoint, region: "cn-hangzhou" }) ?? "";
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: import.meta.dirname,
    env: { ...process.env, ALIBABA_CLOUD_ACCESS_KEY_ID: key.id, ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.secret },
  });
  return JSON.parse(stdout);
}

describe("the API explorer's TypeScript", () => {
  it("makes the call", async () => {
    expect(
      await runTypescript({ action: "GetTrailStatus", parameters: { Name: "audit-trail" }, events: null }),
    ).toMatchObject({ IsLogging: false, RequestId: expect.any(String) });
    expect(await runTypescript({ action: "DescribeTrails", parameters: {}, events: null })).toMatchObject({
      TrailList: [{ Name: "audit-trail" }],
    });
  });

  it("sends events", async () => {
    const events = eventText({ eventTime: new Date(), eventId: "日志-1" });
    expect(await runTypescript({ action: "PutEvents", parameters: {}, events })).toMatchObject({ Recorded: 1 });
  });
});
