import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { commandLineScope } from "@/server/access/command-line.ts";
import { createMember } from "@/server/access/commands.ts";
import { prisma } from "@/server/db.ts";
import { AuthClient } from "@/testing/auth-client.ts";
import { codeOf } from "@/testing/totp.ts";

const EMAIL = "only-admin@example.com";
const PASSWORD = "correct horse battery";
const accountId = String(randomInt(1_000_000_000)).padStart(16, "3");

beforeAll(async () => {
  await prisma().account.create({ data: { id: accountId, name: "Test" } });
  const scope = commandLineScope(accountId, "test", "backtrail:CreateMember");
  await createMember(scope, { email: EMAIL, name: "Only", password: PASSWORD, role: "admin" });
});

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["-C", "react-server", "--import", "tsx", "scripts/member.ts", ...args],
      { env: { ...process.env, SECOND_FACTOR: "required" } },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

it("takes a lost authenticator away from the only admin, notes it, and says what they have to do", async () => {
  const client = new AuthClient();
  await client.signIn(EMAIL, PASSWORD);
  const answer = await client.post("/two-factor/enable", { password: PASSWORD });
  const { totpURI } = (await answer.json()) as { totpURI: string };
  expect((await client.post("/two-factor/verify-totp", { code: codeOf(totpURI) })).status).toBe(200);
  expect(await (await new AuthClient().signIn(EMAIL, PASSWORD)).json()).toMatchObject({ twoFactorRedirect: true });

  const { code, stdout } = await run("--email", EMAIL, "--remove-authenticator", "--account", accountId);
  expect([code, stdout]).toEqual([
    0,
    `The authenticator of ${EMAIL} is removed, and all their sessions have ended.\nThe password opens nothing until they have set up another.\n`,
  ]);
  expect(await client.findSession()).toBeNull();
  const again = new AuthClient();
  await again.signIn(EMAIL, PASSWORD);
  expect((await again.findSession())?.user).toMatchObject({ email: EMAIL, twoFactorEnabled: false });
  const where = { accountId, action: "backtrail:RemoveMemberTwoFactor" };
  expect(await prisma().auditEntry.findMany({ where })).toMatchObject([
    { outcome: "allowed", actorType: "command-line", details: { email: EMAIL, endedSessions: 1 } },
  ]);
});

it("names who has no role in the account, and takes nothing away", async () => {
  const { code, stderr } = await run("--email", "nobody@example.com", "--remove-authenticator", "--account", accountId);
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^nobody@example\\.com has no role in account ${accountId}\\.\\n`));
});

it("says so to whoever would take away what is not there, and to whom single sign-on is left", async () => {
  const email = "by-provider@example.com";
  const scope = commandLineScope(accountId, "test", "backtrail:CreateMember");
  const { userId } = await createMember(scope, { email, name: "P", password: PASSWORD, role: "viewer" });
  const remove = () => run("--email", email, "--remove-authenticator", "--account", accountId);
  const entries = () =>
    prisma().auditEntry.count({
      where: { action: "backtrail:RemoveMemberTwoFactor", details: { path: ["email"], equals: email } },
    });
  expect(await remove()).toEqual({
    code: 1,
    stdout: "",
    stderr: `${email} has no authenticator: there is nothing to take away.\n`,
  });
  expect(await entries()).toBe(0);

  await prisma().credential.deleteMany({ where: { userId } });
  await prisma().user.update({ where: { id: userId }, data: { twoFactorEnabled: true } });
  expect(await remove()).toMatchObject({
    code: 0,
    stdout: `The authenticator of ${email} is removed, and all their sessions have ended.\nSingle sign-on alone signs them in.\n`,
  });
  expect(await entries()).toBe(1);
});
