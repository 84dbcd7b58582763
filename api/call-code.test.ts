import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policyDocumentSchema } from "@/domain/access/policy.ts";
import { callCode, type WrittenCall } from "@/domain/rpc/call-code.ts";
import { RPC_CALLS, type RpcAction } from "@/domain/rpc/calls.ts";
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

const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe.skipIf(!hasPython)(
  `the API explorer's Python${hasPython ? "" : " (not looked at: there is no python3)"}`,
  () => {
    const VALUES = ["", "audit-trail", 'o\'neil "x" \\ {0} %s', "日志\u2028\t\n'''", '"""#'];

    let folder: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "backtrail-python-"));
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    function codeOf(action: RpcAction, value: string): string {
      const parameters = Object.fromEntries(Object.keys(RPC_CALLS[action].request.shape).map((name) => [name, value]));
      const events = RPC_CALLS[action].body === "events" ? value : null;
      return callCode("python", { action, parameters, events, endpoint, region: "cn-hangzhou" }) ?? "";
    }

    it("is Python, whatever is in the form", async () => {
      const files = Object.keys(RPC_CALLS).flatMap((action) =>
        VALUES.map((value, index) => {
          const file = join(folder, `${action}-${index}.py`);
          writeFileSync(file, codeOf(action as RpcAction, value));
          return file;
        }),
      );
      await run("python3", ["-m", "py_compile", ...files]);
    });

    it("has each value as it is in the form", async () => {
      const file = join(folder, "values.py");
      const value = VALUES.join("");
      writeFileSync(file, codeOf("StartLogging", value));
      const { stdout } = await run("python3", ["-c", STRINGS_OF_FILE, file]);
      expect(JSON.parse(stdout)).toContain(value);
    });
  },
);

/** Prints all string literals of a Python file. */
const STRINGS_OF_FILE = `
import ast, json, sys
tree = ast.parse(open(sys.argv[1], encoding="utf-8").read())
print(json.dumps([node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]))
`;
