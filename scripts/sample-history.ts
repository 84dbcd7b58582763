import {
  SAMPLE_ERRORS,
  SAMPLE_IDENTITIES,
  SAMPLE_REGIONS,
  SAMPLE_SERVICES,
  type SampleIdentity,
  type SampleService,
} from "./sample-catalogue.ts";
import { SampleRandom } from "./sample-random.ts";

export type SampleOptions = {
  readonly accountId: string;
  readonly events: number;
  readonly seed: string;
  /** The sample covers this many days up to `until`. */
  readonly days: number;
  readonly until: Date;
};

const HOUR_MS = 3_600_000;

/** Asia/Shanghai, where the sample's people work; it has no summer time. */
const OFFICE_OFFSET_HOURS = 8;

/** Where the vendor keeps the events of global services. */
const GLOBAL_EVENTS_REGION = "cn-hangzhou";

const ERROR_SHARE = 0.035;
const SIGN_IN_SHARE = 0.012;
/** Notices of the cloud itself, which are neither Read nor Write. */
const NOTICE_SHARE = 0.003;
const LARGE_RESPONSE_SHARE = 0.002;

/**
 * Yields the bodies of made-up events, in ActionTrail's shape, hour by hour in the order of time: exactly as many as asked
 * for, and the same for the same options. Source of the shape: actiontrail.md, 5.1.
 */
export function* sampleBodies({ accountId, events, seed, days, until }: SampleOptions): Generator<string> {
  const random = new SampleRandom(seed);
  const cast = castOf(accountId, seed);
  const hours = Math.max(1, Math.round(days * 24));
  const firstMs = until.getTime() - hours * HOUR_MS;
  const weights = Array.from({ length: hours }, (_, hour) => activityAt(firstMs + hour * HOUR_MS));
  const totalWeight = weights.reduce((sum, { people, machines }) => sum + people + machines, 0);
  let weightSoFar = 0;
  let made = 0;
  for (const [hour, activity] of weights.entries()) {
    weightSoFar += activity.people + activity.machines;
    const due = hour === hours - 1 ? events : Math.floor((events * weightSoFar) / totalWeight);
    for (; made < due; made++) {
      const isPerson = random.chance(activity.people / (activity.people + activity.machines));
      const at = new Date(firstMs + hour * HOUR_MS + random.below(3_600) * 1_000);
      yield JSON.stringify(cast.act(random, isPerson, at));
    }
  }
}

/** How busy an hour is: people come in the morning, eat at noon, and stay away at night and at week-ends. */
function activityAt(startMs: number): { people: number; machines: number } {
  const local = new Date(startMs + OFFICE_OFFSET_HOURS * HOUR_MS);
  const hour = local.getUTCHours();
  const isWeekend = local.getUTCDay() % 6 === 0;
  const byDay = hour >= 9 && hour < 19 ? (hour === 12 ? 0.6 : 1) : hour >= 7 && hour < 23 ? 0.25 : 0.02;
  const nightlyBackup = hour === 2 ? 0.5 : 0;
  return { people: byDay * (isWeekend ? 0.1 : 1), machines: 0.75 + nightlyBackup + 0.25 * byDay };
}

type Actor = SampleIdentity & { readonly principalId: string; readonly accessKeyId: string };

type Resource = { readonly service: SampleService; readonly names: readonly string[] };

/** The people, machines and resources of one account, who are the same all the time. */
function castOf(accountId: string, seed: string) {
  const random = new SampleRandom(`cast of ${accountId} ${seed}`);
  const actors: readonly Actor[] = SAMPLE_IDENTITIES.map((identity) => ({
    ...identity,
    principalId:
      identity.type === "root-account" ? accountId : `2${random.below(1e9)}${random.below(1e8)}`.padEnd(18, "0"),
    accessKeyId: `${identity.type === "assumed-role" ? "STS.NT" : "LTAI5t"}${random.letters(18)}`,
  }));
  const people = actors.filter(({ isPerson }) => isPerson);
  const machines = actors.filter(({ isPerson }) => !isPerson);
  const resources: readonly (Resource & { weight: number })[] = SAMPLE_SERVICES.map((service) => ({
    service,
    weight: service.weight,
    names: Array.from({ length: 40 }, () => service.resourcePrefix + random.letters(18)),
  }));
  return {
    act(drawn: SampleRandom, isPerson: boolean, at: Date): object {
      const actor = drawn.pickWeighted(isPerson ? people : machines);
      if (isPerson && drawn.chance(SIGN_IN_SHARE / 0.3)) {
        return signIn(drawn, accountId, actor, at);
      }
      const resource = drawn.pickWeighted(resources);
      return drawn.chance(NOTICE_SHARE)
        ? notice(drawn, accountId, resource, at)
        : call(drawn, accountId, actor, resource, at);
    },
  };
}

/** What every event has, in the order in which the vendor writes it. */
function envelope(random: SampleRandom, accountId: string, at: Date, region: string) {
  const eventId = random.uuid();
  return {
    eventId,
    eventVersion: 1,
    eventCategory: "Management",
    requestId: eventId,
    eventTime: toSeconds(at),
    acsRegion: region,
    recipientAccountId: accountId,
  };
}

function call(random: SampleRandom, accountId: string, actor: Actor, { service, names }: Resource, at: Date): object {
  const isWrite = random.chance(actor.writeShare);
  const region = service.isGlobal === true ? GLOBAL_EVENTS_REGION : random.pickWeighted(SAMPLE_REGIONS).id;
  const resourceName = random.pick(names);
  const error = random.chance(ERROR_SHARE) ? random.pickWeighted(SAMPLE_ERRORS) : null;
  const isConsole = actor.isPerson && actor.userAgent.startsWith("Mozilla");
  const parameters = {
    RegionId: region,
    [service.resourceParameter]: resourceName,
    ...(isWrite
      ? { ClientToken: random.uuid().toLowerCase(), DryRun: false, AcceptLanguage: isConsole ? "zh-CN" : "en-US" }
      : { PageNumber: 1 + random.below(3), PageSize: random.pick([10, 20, 50, 100]) }),
  };
  const response = responseOf(random, service, names, isWrite);
  return {
    ...envelope(random, accountId, at, region),
    eventName: random.pick(isWrite ? service.writes : service.reads),
    eventType: isConsole ? "ConsoleOperation" : "ApiCall",
    eventRW: isWrite ? "Write" : "Read",
    eventSource: service.isGlobal === true ? `${service.host}.aliyuncs.com` : `${service.host}.${region}.aliyuncs.com`,
    serviceName: service.name,
    isGlobal: service.isGlobal === true,
    apiVersion: service.apiVersion,
    sourceIpAddress: actor.address,
    userAgent: actor.userAgent,
    userIdentity: identityOfActor(accountId, actor, at),
    requestParameters: parameters,
    ...(isWrite ? { requestParameterJson: JSON.stringify(parameters) } : {}),
    ...(error === null ? response : { errorCode: error.code, errorMessage: error.message }),
    referencedResources: { [service.resourceType]: [resourceName] },
    resourceType: service.resourceType,
    resourceName,
    ...(isConsole ? { additionalEventData: { CallerBid: "26842" } } : {}),
  };
}

/** Only changes are answered in the event, but a few answers list many things: the long tail of an event's size. */
function responseOf(random: SampleRandom, service: SampleService, names: readonly string[], isWrite: boolean): object {
  const RequestId = random.uuid();
  if (!random.chance(LARGE_RESPONSE_SHARE)) {
    return isWrite ? { responseElements: { RequestId } } : {};
  }
  const Items = Array.from({ length: 8 + Math.floor(400 * random.share() ** 4) }, () => ({
    [service.resourceParameter]: random.pick(names),
    Description: random.pick(["生产环境", "staging", 'owner: "platform"', "бэкап", "🚀 launch"]),
    Tags: [{ Key: "cost-center", Value: random.letters(8) }],
  }));
  return { responseElements: { RequestId, TotalCount: Items.length, Items } };
}

function signIn(random: SampleRandom, accountId: string, actor: Actor, at: Date): object {
  const isRefused = random.chance(0.06);
  return {
    ...envelope(random, accountId, at, GLOBAL_EVENTS_REGION),
    eventName: "ConsoleSignin",
    eventType: "ConsoleSignin",
    eventRW: "Write",
    eventSource: "signin.aliyun.com",
    serviceName: "AasSub",
    isGlobal: true,
    sourceIpAddress: isRefused ? `198.18.${random.below(256)}.${random.below(256)}` : actor.address,
    userAgent: actor.userAgent,
    userIdentity: identityOfActor(accountId, actor, at),
    ...(isRefused ? { errorCode: "LoginFailed", errorMessage: "The password is not correct." } : {}),
    additionalEventData: {
      callbackUrl: "https://homenew.console.aliyun.com/home/dashboard/ProductAndService",
      mfaChecked: String(!isRefused && random.chance(0.8)),
      loginAccount: `${actor.name}@${accountId}.onaliyun.com`,
    },
  };
}

/** What the cloud does by itself. It says neither Read nor Write. */
function notice(random: SampleRandom, accountId: string, { service, names }: Resource, at: Date): object {
  const region = random.pickWeighted(SAMPLE_REGIONS).id;
  const resourceName = random.pick(names);
  return {
    ...envelope(random, accountId, at, region),
    eventName: random.pick(["InstanceExpired", "SystemMaintenance", "ResourceReleased"]),
    eventType: "AliyunServiceEvent",
    eventSource: `${service.host}.${region}.aliyuncs.com`,
    serviceName: service.name,
    isGlobal: false,
    sourceIpAddress: "Internal",
    userAgent: "Internal",
    userIdentity: { type: "system", principalId: "system", accountId, userName: "system" },
    referencedResources: { [service.resourceType]: [resourceName] },
    resourceType: service.resourceType,
    resourceName,
  };
}

function identityOfActor(accountId: string, actor: Actor, at: Date): object {
  const { type, principalId, accessKeyId } = actor;
  const byConsole = actor.userAgent.startsWith("Mozilla");
  if (type === "assumed-role") {
    const session = actor.isPerson ? "anna.keller" : `${actor.name}-session`;
    return {
      type,
      principalId: `${principalId}:${session}`,
      accountId,
      userName: `${actor.name}:${session}`,
      accessKeyId,
      ...(actor.isPerson ? sessionContextAt(at) : {}),
    };
  }
  return {
    type,
    principalId,
    accountId,
    userName: actor.name,
    ...(byConsole ? sessionContextAt(at) : { accessKeyId }),
  };
}

/** A session as old as its hour. */
function sessionContextAt(at: Date): object {
  const creationDate = toSeconds(new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS));
  return { sessionContext: { attributes: { mfaAuthenticated: "true", creationDate } } };
}

/** As the vendor writes times: UTC, without milliseconds. */
function toSeconds(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
