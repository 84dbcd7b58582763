import { randomUUID } from "node:crypto";
import type { Role } from "@/domain/access/role.ts";
import { auth } from "@/server/access/auth.ts";
import { createMember } from "@/server/access/commands.ts";
import { findSlotJob } from "@/server/history-job/queries.ts";
import {
  addTrail,
  createBuiltInAccount,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
  SINK_KEY,
} from "@/testing/history-account.ts";
import { LogServiceStandIn } from "@/testing/log-service-stand-in.ts";
import { waitUntil } from "@/testing/wait-until.ts";

/** The trails that every test account has: one that can be redelivered at once, and the cases that can't, or differ. */
const TRAILS = {
  enabled: "all-regions",
  neverEnabled: "never-enabled",
  ossOnly: "archive-oss",
  organization: "org-wide",
} as const;

/** Recorded events of a test account lie in these days; tests that count name this window, which audit events are not in. */
const EVENT_DAYS_AGO = [12, 11, 10];
const EVENTS_PER_DAY_AND_REGION = 40;
const REGIONS = ["cn-hangzhou", "cn-shanghai"];
const HELD_REGIONS = ["cn-hangzhou"];

// A released job of a few events ends in a second; behind the jobs of other tests in some more.
const JOB_END_LIMIT_MS = 30_000;

const DAY_MS = 86_400_000;

export type Person = { readonly email: string; readonly password: string };

/** An account that one test has for itself: trails, history, people. */
export type TestAccount = {
  readonly accountId: string;
  /** A new person with this role. */
  addPerson(role: Role): Promise<Person>;
  /** Lets a held log service answer; until then no batch of this account is acknowledged. */
  releaseLogService(): void;
  /** Lets what still runs end first: jobs of a vanished log service would keep the worker from other tests' jobs. */
  close(): Promise<void>;
};

/** With `isHeld` its trails deliver to a log service that gives no answer until it is released. */
export async function createTestAccount({ isHeld }: { isHeld: boolean }): Promise<TestAccount> {
  const held = isHeld ? await startHeldLogService() : null;
  const account = held === null ? await createBuiltInAccount() : await createHistoryAccount(held.endpoint);
  await addTrails(account, held === null);
  // A held job occupies the worker for as long as it is held, and the other tests share that worker: a few slices are enough.
  await recordHistory(account, isHeld ? HELD_REGIONS : REGIONS);
  return {
    accountId: account.accountId,
    addPerson: async (role) => {
      const person = { email: `${role}-${randomUUID()}@backtrail.test`, password: randomUUID() };
      await createMember(account.scope("backtrail:CreateMember"), { ...person, name: role, role });
      return person;
    },
    releaseLogService: () => held?.release(),
    close: async () => {
      if (held !== null) {
        held.release();
        await waitUntil("the account's job to end", JOB_END_LIMIT_MS, async () => !(await isSlotTaken(account)));
        await held.stop();
      }
    },
  };
}

/** The cookies of a new session, as the browser would have got them for signing in. */
export async function createSession(person: Person): Promise<{ name: string; value: string }[]> {
  const { headers } = await auth().api.signInEmail({ body: person, headers: new Headers(), returnHeaders: true });
  return headers.getSetCookie().map((cookie) => {
    const [pair = ""] = cookie.split(";");
    const separator = pair.indexOf("=");
    return { name: pair.slice(0, separator), value: pair.slice(separator + 1) };
  });
}

async function startHeldLogService() {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const standIn = await LogServiceStandIn.start({
    key: { region: "cn-hangzhou", accessKeyId: SINK_KEY.id, accessKeySecret: SINK_KEY.secret },
    answerTo: () => promise,
  });
  return { endpoint: standIn.endpoint, release: () => resolve(undefined), stop: () => standIn.stop() };
}

async function addTrails(account: HistoryAccount, isBuiltIn: boolean): Promise<void> {
  const startLoggingTime = new Date(Date.now() - 5 * DAY_MS);
  await addTrail(account, { name: TRAILS.enabled, startLoggingTime, status: "Enable", logstore: isBuiltIn });
  await addTrail(account, { name: TRAILS.neverEnabled, logstore: isBuiltIn });
  await addTrail(account, { name: TRAILS.ossOnly, slsProjectArn: null, ossBucketName: "audit-archive" });
  await addTrail(account, { name: TRAILS.organization, isOrganizationTrail: true });
}

async function isSlotTaken(account: HistoryAccount): Promise<boolean> {
  return (await findSlotJob(account.scope("actiontrail:ListDeliveryHistoryJobs"))).job !== null;
}

async function recordHistory(account: HistoryAccount, regions: readonly string[]): Promise<void> {
  const texts = EVENT_DAYS_AGO.flatMap((daysAgo) =>
    regions.flatMap((region) =>
      Array.from({ length: EVENTS_PER_DAY_AND_REGION }, () =>
        eventText({ region, eventTime: new Date(Date.now() - daysAgo * DAY_MS) }),
      ),
    ),
  );
  await recordTexts(account, texts);
}
