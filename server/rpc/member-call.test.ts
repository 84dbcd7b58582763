import { beforeAll, describe, expect, it } from "vitest";
import type { Role } from "@/domain/access/role.ts";
import type { Membership } from "@/server/access/queries.ts";
import { prisma } from "@/server/db.ts";
import { addPerson, findMembership } from "@/testing/console-session.ts";
import { addTrail, createBuiltInAccount, eventText, type HistoryAccount } from "@/testing/history-account.ts";
import { answerMemberCall } from "./member-call.ts";

const ORIGIN = { from: "192.0.2.7", host: "localhost:3001" } as const;

let account: HistoryAccount;

beforeAll(async () => {
  account = await createBuiltInAccount();
  await addTrail(account, { name: "audit-trail" });
});

async function memberAs(role: Role): Promise<Membership> {
  const { email } = await addPerson(account, role);
  const { id } = await prisma().user.findUniqueOrThrow({ where: { email } });
  return (await findMembership(id, null)) ?? expect.unreachable("a member has a place");
}

type Answered = { readonly status: number; readonly body: Record<string, unknown> };

async function call(
  role: Role,
  action: "DescribeTrails" | "CreateDeliveryHistoryJob" | "GetDeliveryHistoryJob" | "PutEvents",
  parameters: Record<string, string> = {},
  body = "",
): Promise<Answered> {
  const answer = await answerMemberCall(await memberAs(role), ORIGIN, { action, parameters, body });
  return { status: answer.status, body: JSON.parse(answer.body) };
}

describe("a call that a member makes at the console", () => {
  it("is answered as by the API", async () => {
    const { status, body } = await call("viewer", "DescribeTrails");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      TrailList: [{ Name: "audit-trail", HomeRegion: "cn-hangzhou" }],
    });
  });

  it("is refused with the API's own code, status and envelope", async () => {
    expect(await call("viewer", "GetDeliveryHistoryJob", { JobId: "x" })).toMatchObject({
      status: 400,
      body: { Code: "InvalidParameterValue", Parameter: "JobId", HostId: "localhost:3001" },
    });
    expect(await call("operator", "CreateDeliveryHistoryJob", { TrailName: "no-such-trail" })).toMatchObject({
      status: 404,
      body: { Code: "TrailNotFoundException" },
    });
  });

  it("is allowed by the member's role alone, and the audit names the member", async () => {
    expect(await call("viewer", "CreateDeliveryHistoryJob", { TrailName: "audit-trail" })).toMatchObject({
      status: 403,
      body: { Code: "NoPermission" },
    });
    const refused = await prisma().auditEntry.findMany({
      where: {
        accountId: account.accountId,
        action: "actiontrail:CreateDeliveryHistoryJob",
        errorCode: "NoPermission",
      },
    });
    expect(refused).toMatchObject([{ actorType: "user", from: "192.0.2.7" }]);
  });

  it("records the events of its body", async () => {
    const events = eventText({ eventTime: new Date(), eventId: "by-hand" });
    expect(await call("admin", "PutEvents", {}, events)).toMatchObject({ status: 200, body: { Recorded: 1 } });
    expect(await call("operator", "PutEvents", {}, events)).toMatchObject({ status: 403 });
  });
});
