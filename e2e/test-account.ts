import type { Role } from "@/domain/access/role.ts";
import { mintAccountScope } from "@/domain/access/scope.ts";
import { AUDIT_EVENT_TOPIC, EVENT_CONTENT_KEY } from "@/domain/log-service/log-service.ts";
import { createAccessKey } from "@/server/access/access-keys.ts";
import { pool, prisma } from "@/server/db.ts";
import { resumeHistoryJob } from "@/server/history-job/control.ts";
import { findSlotJob } from "@/server/history-job/queries.ts";
import { storeLogs } from "@/server/log-service/commands.ts";
import { createExternalLogProject } from "@/server/log-service/project-commands.ts";
import { getLogstoreId } from "@/server/log-service/queries.ts";
import { addPerson, addPlace, type Person } from "@/testing/console-session.ts";
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
import { refusal } from "@/testing/treatment.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { storeEndedJobs, storePausedJob, storeWideJob } from "./stored-jobs.ts";

// Through here, because only what a fixture loads late may load the product's modules.
export { createSession } from "@/testing/console-session.ts";

/** The trails that every test account has: one that can be redelivered at once, and the cases that can't, or differ. */
const TRAILS = {
  enabled: "all-regions",
  neverEnabled: "never-enabled",
  ossOnly: "archive-oss",
  organization: "org-wide",
} as const;

/** Recorded events of a test account begin this long ago; tests that count name a window, which audit events are not in. */
const FIRST_EVENTS_DAYS_AGO = 12;
const EVENTS_PER_DAY_AND_REGION = 40;
const REGIONS = ["cn-hangzhou", "cn-shanghai"];
const HELD_REGIONS = ["cn-hangzhou"];

const OVER_QUOTA = refusal(403, "WriteQuotaExceed", "the quota of this project is spent");

/**
 * Where the trails of a test account deliver to: the product's own log service; or one that gives no answer until it is released, or
 * answers that its quota is spent until then, or that it does not take the key.
 */
export type LogServiceKind = "built-in" | "held" | "over-quota" | "wrong-key";

export type TestAccountOptions = {
  readonly logService: LogServiceKind;
  /** Days with events, one slice each and region. */
  readonly eventDays: number;
};

// A released job of a few events ends in a second; behind the jobs of other tests in some more.
const JOB_END_LIMIT_MS = 30_000;

const DAY_MS = 86_400_000;

/** An account that one test has for itself: trails, history, people. */
export type TestAccount = {
  readonly accountId: string;
  /** A new person with this role. */
  addPerson(role: Role): Promise<Person>;
  /** Leaves a person without a place in any account, whose session goes on. */
  removePlaces(person: Person): Promise<void>;
  /** Takes away all trails. */
  removeTrails(): Promise<void>;
  /** Gives a person of another account this role here as well. */
  addPlace(email: string, role: Role): Promise<void>;
  /** Lets a held log service, or one without quota, take what it is sent; until then no batch of this account is acknowledged. */
  releaseLogService(): void;
  /** Stores logs in the built-in logstore that have the identities of this many recorded events, and other texts. */
  storeConflicts(count: number): Promise<void>;
  /** Records these texts of events in history. */
  record(texts: readonly string[]): Promise<void>;
  /** Takes this many logs out of the built-in logstore, or all of them. */
  loseLogs(count: number | "all"): Promise<void>;
  /** Stores jobs that ended long ago (stored-jobs.ts). */
  storeEndedJobs(count: number): Promise<void>;
  /** Stores an ended job of 26 regions and 91 days; answers with its id. */
  storeWideJob(): Promise<number>;
  /** Has a paused job take the slot; answers with its id, and rejects while another job has the slot. */
  storePausedJob(): Promise<number>;
  /** Makes a job's row one that the product cannot read, as a damaged database would; or whole again. */
  setReadable(jobId: number, isReadable: boolean): Promise<void>;
  /** An access key of the account, which may do nothing. */
  addAccessKey(): Promise<void>;
  /** As setReadable, of all rows that a list of this account is read from. */
  setListReadable(list: DamageableList, isReadable: boolean): Promise<void>;
  /** Lets what still runs end first: jobs of a vanished log service would keep the worker from other tests' jobs. */
  close(): Promise<void>;
};

export async function createTestAccount({ logService, eventDays }: TestAccountOptions): Promise<TestAccount> {
  const held = logService === "built-in" ? null : await startHeldLogService(logService);
  const account = held === null ? await createBuiltInAccount() : await createHistoryAccount(held.endpoint);
  await addTrails(account, held === null);
  // A held job occupies the worker for as long as it is held, and the other tests share that worker: a few slices are enough.
  const texts = await recordHistory(account, held === null ? REGIONS : HELD_REGIONS, eventDays);
  return {
    accountId: account.accountId,
    addPerson: (role) => addPerson(account, role),
    removePlaces,
    removeTrails: async () => void (await prisma().trail.deleteMany({ where: { accountId: account.accountId } })),
    addPlace: (email, role) => addPlace(account, email, role),
    releaseLogService: () => held?.release(),
    storeConflicts: (count) => storeConflicts(account, texts.slice(0, count)),
    record: (texts) => recordTexts(account, texts),
    loseLogs: (count) => loseLogs(account, count),
    storeEndedJobs: (count) => storeEndedJobs(account.accountId, count),
    storeWideJob: () => storeWideJob(account.accountId),
    storePausedJob: () => storePausedJob(account.accountId),
    setReadable,
    addAccessKey: async () =>
      void (await createAccessKey(account.scope("backtrail:CreateAccessKey"), {
        policy: { Version: "1", Statement: [] },
      })),
    setListReadable: (list, isReadable) => setListReadable(account, list, isReadable),
    close: async () => {
      if (held !== null) {
        held.release();
        await resumePausedJob(account);
        await waitUntil("the account's job to end", JOB_END_LIMIT_MS, async () => !(await isSlotTaken(account)));
        await held.stop();
      }
    },
  };
}

/** Makes a person's sessions ones whose person showed who they are an hour ago. */
export async function ageSessions(email: string): Promise<void> {
  const confirmedAt = new Date(Date.now() - 3_600_000);
  await prisma().session.updateMany({ where: { user: { email } }, data: { confirmedAt } });
}

/** Leaves a key with a policy of another version of Backtrail, which this one can't read. */
export async function losePolicy(accessKeyId: string): Promise<void> {
  await prisma().accessKey.update({ where: { id: accessKeyId }, data: { policy: { Version: "2", Statement: [] } } });
}

/** Adds this many entries of an actor "bulk" to the account's audit, all of one moment. */
export async function addAuditEntries(accountId: string, count: number): Promise<void> {
  const fields = { action: "backtrail:CreateMember", rw: "Write", outcome: "allowed", at: new Date(), details: {} };
  const actor = { actorType: "command-line", actorId: "bulk", actorName: "bulk" };
  await prisma().auditEntry.createMany({
    data: Array.from({ length: count }, () => ({ accountId, ...fields, ...actor })),
  });
}

/** Adds an entry to the account's audit that the product cannot read, and nobody can mend: entries can only be added. */
export async function damageAudit(accountId: string): Promise<void> {
  await pool().query(
    `INSERT INTO audit_entry (account_id, action, rw, outcome, at, details, actor_type, actor_id, actor_name)
     VALUES ($1, 'backtrail:CreateMember', 'Write', 'allowed', 'infinity', '{}', 'command-line', 'test', 'test')`,
    [accountId],
  );
}

const KEY = { region: "cn-hangzhou", accessKeyId: SINK_KEY.id, accessKeySecret: SINK_KEY.secret };

const ANSWERS = {
  accepted: { headers: { "x-log-requestid": "REQUEST-1" } },
  "wrong-key": refusal(401, "SignatureNotMatch", "signature does not match", { "x-log-requestid": "REQUEST-1" }),
  "no-project": refusal(404, "ProjectNotExist", "The Project does not exist", { "x-log-requestid": "REQUEST-1" }),
};

/** Adds a log project to the account, named like the answer that its log service gives to every request until it is stopped. */
export async function startAnsweringLogService(accountId: string, answer: keyof typeof ANSWERS) {
  const standIn = await LogServiceStandIn.start({ key: KEY, answerTo: () => ANSWERS[answer] });
  const actor = { type: "command-line", id: "test", name: "test", from: null } as const;
  await createExternalLogProject(mintAccountScope(accountId, actor, "backtrail:CreateLogProject"), {
    region: KEY.region,
    name: answer,
    endpoint: standIn.endpoint,
    accessKeyId: KEY.accessKeyId,
    accessKeySecret: KEY.accessKeySecret,
    logTime: "auto",
  });
  return standIn;
}

async function startHeldLogService(kind: "held" | "over-quota" | "wrong-key") {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const refused = { "over-quota": OVER_QUOTA, "wrong-key": ANSWERS["wrong-key"] };
  let isReleased = false;
  const standIn = await LogServiceStandIn.start({
    key: KEY,
    answerTo: () => (kind === "held" ? promise : isReleased ? undefined : refused[kind]),
  });
  const release = () => {
    isReleased = true;
    resolve(undefined);
  };
  return { endpoint: standIn.endpoint, release, stop: () => standIn.stop() };
}

async function removePlaces({ email }: Person): Promise<void> {
  await prisma().membership.deleteMany({ where: { user: { email } } });
}

/** What the job was asked for is kept beside, where nothing looks. */
async function setReadable(jobId: number, isReadable: boolean): Promise<void> {
  const request = isReadable ? "request -> 'aside'" : "jsonb_build_object('aside', request)";
  await pool().query(`UPDATE delivery_history_job SET request = ${request} WHERE id = $1`, [jobId]);
}

/** The table that a list is read from, and which of its rows are the account's. Events are in none: what is stored of them is shown as it is. */
const DAMAGEABLE_LISTS = {
  trails: { table: "trail", whose: "account_id = $1" },
  jobs: { table: "delivery_history_job", whose: "account_id = $1" },
  logstores: { table: "logstore", whose: "log_project_id IN (SELECT id FROM log_project WHERE account_id = $1)" },
  accessKeys: { table: "access_key", whose: "account_id = $1" },
  sessions: { table: "session", whose: "user_id IN (SELECT user_id FROM membership WHERE account_id = $1)" },
} as const;

export type DamageableList = keyof typeof DAMAGEABLE_LISTS;

/** PostgreSQL stores times without an end, which no time of the product's is. */
async function setListReadable(
  { accountId }: HistoryAccount,
  list: DamageableList,
  isReadable: boolean,
): Promise<void> {
  const { table, whose } = DAMAGEABLE_LISTS[list];
  const createdAt = isReadable ? "now()" : "'infinity'";
  const { rowCount } = await pool().query(`UPDATE ${table} SET created_at = ${createdAt} WHERE ${whose}`, [accountId]);
  if (rowCount === 0) {
    throw new Error(`the account has no ${list}, and what is not there cannot be damaged`);
  }
}

async function addTrails(account: HistoryAccount, isBuiltIn: boolean): Promise<void> {
  const startLoggingTime = new Date(Date.now() - 5 * DAY_MS);
  await addTrail(account, { name: TRAILS.enabled, startLoggingTime, status: "Enable", logstore: isBuiltIn });
  await addTrail(account, { name: TRAILS.neverEnabled, logstore: isBuiltIn });
  await addTrail(account, { name: TRAILS.ossOnly, slsProjectArn: null, ossBucketName: "audit-archive" });
  await addTrail(account, { name: TRAILS.organization, isOrganizationTrail: true });
}

/** A job that a test leaves paused would never end. */
async function resumePausedJob(account: HistoryAccount): Promise<void> {
  const { job } = await findSlotJob(account.scope("actiontrail:ListDeliveryHistoryJobs"));
  if (job?.phase === "paused") {
    await resumeHistoryJob(account.scope("backtrail:ResumeDeliveryHistoryJob"), { jobId: job.id });
  }
}

async function isSlotTaken(account: HistoryAccount): Promise<boolean> {
  return (await findSlotJob(account.scope("actiontrail:ListDeliveryHistoryJobs"))).job !== null;
}

/** Answers with the texts of the recorded events, oldest day first. */
async function recordHistory(
  account: HistoryAccount,
  regions: readonly string[],
  eventDays: number,
): Promise<readonly string[]> {
  const texts = Array.from({ length: eventDays }, (_, day) => FIRST_EVENTS_DAYS_AGO - day).flatMap((daysAgo) =>
    regions.flatMap((region) =>
      Array.from({ length: EVENTS_PER_DAY_AND_REGION }, () =>
        eventText({ region, eventTime: new Date(Date.now() - daysAgo * DAY_MS) }),
      ),
    ),
  );
  await recordTexts(account, texts);
  return texts;
}

async function storeConflicts(account: HistoryAccount, texts: readonly string[]): Promise<void> {
  const logs = texts.map((text) => ({
    time: Math.floor(Date.now() / 1_000),
    contents: [{ key: EVENT_CONTENT_KEY, value: Buffer.from(text.replace("DescribeInstances", "StoredBefore")) }],
  }));
  const meta = { topic: AUDIT_EVENT_TOPIC, source: "test", tags: [] };
  await storeLogs(account.scope("log:PostLogStoreLogs"), enabledLogstore(), { ...meta, logs });
}

async function loseLogs(account: HistoryAccount, count: number | "all"): Promise<void> {
  const logstoreId = await getLogstoreId(account.scope("log:PostLogStoreLogs"), enabledLogstore());
  await pool().query(
    `DELETE FROM log WHERE (logstore_id, region, event_time, event_id) IN (
       SELECT logstore_id, region, event_time, event_id FROM log WHERE logstore_id = $1
       ORDER BY region, event_time, event_id LIMIT $2
     )`,
    [logstoreId, count === "all" ? null : count],
  );
}

function enabledLogstore() {
  return { region: "cn-hangzhou", project: "history-test", logstore: `actiontrail_${TRAILS.enabled}` };
}
