import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import { readAccessKey } from "@/server/access/access-key-gate.ts";
import { prisma } from "@/server/db.ts";

let folder: string;
const accountId = String(randomInt(1_000_000_000)).padStart(16, "2");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "backtrail-access-key-"));
  await prisma().account.create({ data: { id: accountId, name: "Test" } });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["-C", "react-server", "--import", "tsx", "scripts/access-key.ts", ...args],
      (error, stdout, stderr) => resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

it("prints id and secret of a key with a policy of the vendor's, and the secret is nowhere else", async () => {
  const { code, stdout } = await run("--account", accountId, "--policy", "AliyunActionTrailReadOnlyAccess");
  const [, id = "", secret = ""] =
    /^AccessKeyId: (LTAI\w{20})\nAccessKeySecret \(shown only now\): (\w{30})\n/.exec(stdout) ?? [];
  expect(code).toBe(0);
  const { key } = await readAccessKey(id);
  expect(key).toMatchObject({
    accountId,
    secret,
    isActive: true,
    policy: SYSTEM_POLICIES.AliyunActionTrailReadOnlyAccess,
  });
  const stored = await prisma().accessKey.findUniqueOrThrow({ where: { id } });
  const audit = await prisma().auditEntry.findFirstOrThrow({ where: { action: "backtrail:CreateAccessKey" } });
  expect(JSON.stringify([stored, audit])).not.toContain(secret);
  expect(audit.details).toMatchObject({ accessKeyId: id, policyName: "AliyunActionTrailReadOnlyAccess" });
});

it("says where a policy's file is wrong, and makes no key", async () => {
  const file = join(folder, "policy.json");
  await writeFile(
    file,
    '{\n  "Version": "1",\n  "Statement": [{ "Effect": "Allow", "Action": "nothing", "Resource": "*" }]\n}',
  );
  const before = await prisma().accessKey.count();
  const { code, stderr } = await run("--account", accountId, "--policy", file);
  expect(code).toBe(1);
  expect(stderr).toBe(`${file}:3:38: Statement.0.Action.0: An action is "*" or like "actiontrail:Get*".\n`);
  expect(await prisma().accessKey.count()).toBe(before);
});

it("names an account that does not exist", async () => {
  const { code, stderr } = await run("--account", "9999999999999999", "--policy", "AliyunActionTrailFullAccess");
  expect([code, stderr]).toEqual([1, "The account 9999999999999999 does not exist.\n"]);
});
