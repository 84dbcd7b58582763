import { randomInt, randomUUID } from "node:crypto";
import type { RamAction } from "@/domain/access/action.ts";
import { type AccountScope, mintAccountScope } from "@/domain/access/scope.ts";
import { parseEvent } from "@/domain/event/event.ts";
import { slsProjectArn, type TrailStatus } from "@/domain/trail/trail.ts";
import { encryptSecret } from "@/server/access/secrets.ts";
import { prisma } from "@/server/db.ts";
import { recordEvents } from "@/server/event/commands.ts";
import { createBuiltInLogProject, createLogstore } from "@/server/log-service/commands.ts";

const REGION = "cn-hangzhou";
const PROJECT = "history-test";

/** An account of a test's own, with one log project at the given endpoint. */
export type HistoryAccount = {
  readonly accountId: string;
  scope(action: RamAction): AccountScope;
};

/** Makes an account that shares nothing with any other test's, and whose log project is at this endpoint. */
export async function createHistoryAccount(endpoint: string): Promise<HistoryAccount> {
  const account = await createBareAccount();
  const projectId = randomUUID();
  await prisma().logProject.create({
    data: {
      id: projectId,
      accountId: account.accountId,
      region: REGION,
      name: PROJECT,
      endpoint,
      externalKeyId: SINK_KEY.id,
      externalSecretCiphertext: encryptSecret(SINK_KEY.secret, { purpose: "log-project", rowId: projectId }),
    },
  });
  return account;
}

/** The key that createHistoryAccount's log project signs with. */
export const SINK_KEY = { id: "LTAItest", secret: "test-secret" } as const;

/** The same with a log project of the built-in log service. */
export async function createBuiltInAccount(): Promise<HistoryAccount> {
  const account = await createBareAccount();
  await createBuiltInLogProject(account.scope("backtrail:CreateLogProject"), { region: REGION, name: PROJECT });
  return account;
}

async function createBareAccount(): Promise<HistoryAccount> {
  const accountId = String(randomInt(1_000_000_000)).padStart(16, "1");
  await prisma().account.create({ data: { id: accountId, name: "Test" } });
  const actor = { type: "command-line", id: "test", name: "test", from: null } as const;
  return { accountId, scope: (action) => mintAccountScope(accountId, actor, action) };
}

export type TrailFields = {
  readonly name: string;
  readonly homeRegion?: string;
  readonly trailRegion?: string;
  readonly eventRW?: "All" | "Read" | "Write";
  readonly isOrganizationTrail?: boolean;
  readonly slsProjectArn?: string | null;
  readonly ossBucketName?: string;
  readonly status?: TrailStatus;
  readonly startLoggingTime?: Date;
  /** Also makes its logstore in the built-in log project. */
  readonly logstore?: boolean;
};

/** Adds a trail that delivers to the account's log project, unless the fields say otherwise. */
export async function addTrail(account: HistoryAccount, { logstore = false, ...fields }: TrailFields): Promise<void> {
  const { accountId } = account;
  await prisma().trail.create({
    data: {
      accountId,
      homeRegion: REGION,
      trailRegion: "All",
      eventRW: "All",
      slsProjectArn: slsProjectArn(REGION, accountId, PROJECT),
      ...fields,
    },
  });
  if (logstore) {
    const name = `actiontrail_${fields.name}`;
    await createLogstore(account.scope("backtrail:CreateLogProject"), {
      region: REGION,
      project: PROJECT,
      logstore: name,
    });
  }
}

/** The text of a small event. */
export function eventText(fields: {
  readonly eventTime: Date;
  readonly region?: string;
  readonly eventRW?: "Read" | "Write" | null;
  readonly eventId?: string;
}): string {
  return JSON.stringify({
    eventId: fields.eventId ?? randomUUID().toUpperCase(),
    eventVersion: 1,
    eventName: "DescribeInstances",
    eventTime: fields.eventTime.toISOString(),
    acsRegion: fields.region ?? REGION,
    ...(fields.eventRW === null ? {} : { eventRW: fields.eventRW ?? "Read" }),
    serviceName: "Ecs",
  });
}

/** Records event texts as a collector would; fails the test when one is refused. */
export async function recordTexts(account: HistoryAccount, texts: readonly string[]): Promise<void> {
  const now = new Date();
  const events = texts.map((text) => {
    const parsed = parseEvent(text, now);
    if (parsed.kind !== "event") {
      throw new Error(`a test's event was not taken: ${JSON.stringify(parsed)} ${text.slice(0, 200)}`);
    }
    return parsed.event;
  });
  await recordEvents(account.scope("backtrail:PutEvents"), events);
}
