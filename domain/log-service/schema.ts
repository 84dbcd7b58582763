import { z } from "zod";
import type { SinkTroubleDto } from "@/domain/history-job/schema.ts";
import type { ConnectionAnswer, ConnectionVerdict } from "./connection.ts";
import type { LogKey } from "./log-key.ts";
import { LOG_TIMES, type LogTime, PROJECT_NAME_PATTERN } from "./log-service.ts";

/** A region id such as cn-hangzhou: it is part of addresses and of ARNs. */
const REGION_PATTERN = /^[a-z]{2,}(-[a-z0-9]+)+$/;

/** What a signature can name (server/sls/signature.ts). */
const ACCESS_KEY_ID_PATTERN = /^[\w-]{1,128}$/;

/** Printable, no spaces: a space comes from copying and is never meant. */
const SECRET_PATTERN = /^[\x21-\x7e]{1,256}$/;

/**
 * The origin of an endpoint as people write it: without a scheme it is HTTPS. Null for what is no endpoint: another scheme, a path, a
 * query, a name or password.
 */
export function endpointOriginOf(text: string): string | null {
  const trimmed = text.trim();
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(written)) {
    return null;
  }
  const { protocol, username, password, pathname, search, hash, origin, hostname } = new URL(written);
  const isBare = username === "" && password === "" && pathname === "/" && search === "" && hash === "";
  return /^https?:$/.test(protocol) && isBare && hostname !== "" ? origin : null;
}

/** SLS's public endpoint in a region: what is meant by none. Source: SLS, endpoints (actiontrail.md, 6.1). */
export function publicEndpointOf(region: string): string {
  return `https://${region}.log.aliyuncs.com`;
}

/** Null for an empty one. */
const endpointSchema = z
  .string()
  .max(300)
  .transform((text, context) => {
    const origin = text.trim() === "" ? null : endpointOriginOf(text);
    if (origin === null && text.trim() !== "") {
      context.addIssue({ code: "custom", message: "no endpoint" });
      return z.NEVER;
    }
    return origin;
  });

/** The origin that is meant by an endpoint as it is being typed; null for what is no endpoint. */
export function meantEndpoint(text: string, region: string): string | null {
  return text.trim() === "" ? publicEndpointOf(region) : endpointOriginOf(text);
}

/** Which log project of the account. */
export const logProjectRefSchema = z.strictObject({
  region: z.string().max(64).regex(REGION_PATTERN),
  name: z.string().regex(PROJECT_NAME_PATTERN),
});
export type LogProjectRef = z.infer<typeof logProjectRefSchema>;

const logProjectSettings = logProjectRefSchema.extend({
  endpoint: endpointSchema,
  accessKeyId: z.string().trim().regex(ACCESS_KEY_ID_PATTERN),
  accessKeySecret: z.string().regex(SECRET_PATTERN),
  logTime: z.enum(LOG_TIMES),
});

/** Without an endpoint of its own a project is at its region's public one. */
function withEndpoint<Input extends { endpoint: string | null; region: string }>(input: Input) {
  return { ...input, endpoint: input.endpoint ?? publicEndpointOf(input.region) };
}

export const createLogProjectInputSchema = logProjectSettings.transform(withEndpoint);
export type CreateLogProjectInput = z.output<typeof createLogProjectInputSchema>;

/** What may change of an external log project. An empty secret keeps the key, which then has to be the same one. */
export const updateLogProjectInputSchema = logProjectSettings
  .extend({ accessKeySecret: z.union([z.literal(""), z.string().regex(SECRET_PATTERN)]) })
  .transform(withEndpoint);
export type UpdateLogProjectInput = z.output<typeof updateLogProjectInputSchema>;

/**
 * Whether the stored key may go on signing. The key was given for one endpoint: sent to another, by a slip or by a person who is not to
 * have it, its holder could use it. So a new endpoint, or another key id, needs the secret anew.
 */
export function needsKeyAnew(
  stored: { readonly endpoint: string; readonly accessKeyId: string },
  input: UpdateLogProjectInput,
): boolean {
  const isSame = endpointOriginOf(stored.endpoint) === input.endpoint && stored.accessKeyId === input.accessKeyId;
  return input.accessKeySecret === "" && !isSame;
}

/** A log project as people see it. Its secret is in no Dto. */
export type LogProjectDto = LogProjectRef & {
  readonly isBuiltIn: boolean;
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly logTime: LogTime;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Trails that deliver to it, by name. */
  readonly trails: readonly string[];
  /** What is wrong with its sink; null while nothing is known to be. */
  readonly trouble: SinkTroubleDto | null;
  /** When logs last arrived; of an external one, when it last acknowledged some. ISO 8601, null for never. */
  readonly lastArrivalAt: string | null;
};

/** A logstore of the built-in log service. Instants are ISO 8601. */
export type LogstoreDto = {
  readonly region: string;
  readonly project: string;
  readonly name: string;
  readonly createdAt: string;
  /** Logs with an event of valid identity, each counted once. */
  readonly logs: number;
  /** Logs without one. */
  readonly plainLogs: number;
  /** Of all contents. */
  readonly bytes: number;
  readonly firstArrivalAt: string | null;
  readonly lastArrivalAt: string | null;
  /** The UTC days (YYYY-MM-DD) of the first and the last event. */
  readonly firstEventDay: string | null;
  readonly lastEventDay: string | null;
  /** The trail that delivers to it, if one does. */
  readonly trail: string | null;
  /** History jobs that delivered to it, and the newest of them. */
  readonly jobCount: number;
  readonly lastJobId: number | null;
};

/** What a test of the connection found. */
export type ConnectionTestDto = {
  readonly verdict: ConnectionVerdict;
  readonly answer: ConnectionAnswer;
  /** ISO 8601. */
  readonly testedAt: string;
};

const logKeySchema = z.tuple([z.iso.datetime({ precision: 3 }), z.string(), z.string()]);

/** The key that a text names, or null for a text that names none. */
export function parseLogKey(text: string): LogKey | null {
  try {
    const key = logKeySchema.safeParse(JSON.parse(text.replaceAll("\0", "")));
    return key.success ? { eventTime: key.data[0], eventId: key.data[1], region: key.data[2] } : null;
  } catch {
    return null;
  }
}

/** A log in a list: what tells it from others. Texts are the event's own, cut where they are long; null where it has none. */
export type LogSummaryDto = LogKey & {
  readonly eventName: string | null;
  readonly serviceName: string | null;
  readonly userName: string | null;
  readonly errorCode: string | null;
  readonly eventRW: string | null;
  /** When it arrived, ISO 8601. */
  readonly receivedAt: string;
};

/** One log, whole. */
export type LogDto = LogSummaryDto & {
  /** The content `event`, as it was received. */
  readonly event: string;
  /** Log time as sent, ISO 8601. */
  readonly time: string;
  readonly topic: string;
  readonly source: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly jobId: number | null;
  /** Bytes of further contents, which are not shown. */
  readonly otherBytes: number;
};

/** What a search found, newest event first. */
export type LogPageDto = {
  readonly logs: readonly LogSummaryDto[];
  /** Where to go on; null when everything was looked at. */
  readonly next: string | null;
  /** Whether the page is not full because time ran out, so that there may be more behind `next`. */
  readonly isCutShort: boolean;
};
