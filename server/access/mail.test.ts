import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { prisma } from "@/server/db.ts";
import { provideSettings } from "@/server/env.ts";
import { AuthClient } from "@/testing/auth-client.ts";
import { MailServer } from "@/testing/mail-server.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { commandLineScope } from "./command-line.ts";
import { createMember } from "./commands.ts";
import { createInvitation } from "./invitations.ts";

const ACCOUNT = "7400000000000001";
const PUBLIC_URL = "https://console.example";

let server: MailServer;

beforeAll(async () => {
  server = await MailServer.start();
  provideSettings({ SMTP_URL: server.url, MAIL_FROM: "backtrail@example.com", PUBLIC_URL });
  await prisma().account.create({ data: { id: ACCOUNT, name: "Production" } });
});

beforeEach(() => {
  server.mails.length = 0;
});

afterAll(async () => {
  await server.stop();
});

/** The link in a mail's text, whose lines quoted-printable has broken. */
function linkIn(mail: string | undefined): string | undefined {
  return mail
    ?.replaceAll("=\n", "")
    .replaceAll("=3D", "=")
    .match(/https:\/\/\S+/)?.[0];
}

function invite(email: string) {
  const scope = commandLineScope(ACCOUNT, "npm run member", "backtrail:CreateInvitation");
  return createInvitation(scope, { email, role: "viewer" });
}

test("an invitation goes to the invited person, with the link that leads to the console's own address", async () => {
  const link = await invite("invited@example.com");
  expect(link.isMailed).toBe(true);
  expect(server.mails).toHaveLength(1);
  expect(server.mails[0]).toMatch(/^To: invited@example\.com$/m);
  expect(linkIn(server.mails[0])).toBe(`${PUBLIC_URL}${link.path}`);
});

test("an invitation stands when the mail cannot be sent, and says so", async () => {
  provideSettings({ SMTP_URL: "smtp://127.0.0.1:1" });
  expect(await invite("other@example.com")).toMatchObject({ isMailed: false, path: expect.stringMatching(/token=/) });
  provideSettings({ SMTP_URL: server.url });
});

test("a link for a new password goes to who is known, three an hour; who asks is told the same for everybody", async () => {
  const email = "member@example.com";
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateMember");
  await createMember(scope, { email, name: "M", password: "correct horse battery", role: "viewer" });
  const answers: unknown[] = [];
  for (const asked of ["nobody@example.com", email, email, email, email]) {
    const response = await new AuthClient().post("/people/request-password-reset", { email: asked });
    answers.push([response.status, await response.json()]);
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  await waitUntil("the mails", 20_000, async () => server.mails.length >= 3);
  expect(server.mails).toHaveLength(3);
  // Each link replaces the one before, and mails may overtake each other: one of the three holds.
  const outcomes = await Promise.all(
    server.mails.map((mail) =>
      new AuthClient().post("/people/reset-password", {
        token: linkIn(mail)?.split("/reset-password#token=")[1],
        password: "another staple entirely",
      }),
    ),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  const entries = await prisma().auditEntry.findMany({ where: { actorName: email } });
  expect(entries.filter(({ action }) => action === "backtrail:RequestPasswordReset")).toHaveLength(3);
});
