import "server-only";
import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { type EventIdentity, type HistoryEvent, identityOf } from "@/domain/event/event.ts";
import { BATCH_ID_TAG, EVENT_CONTENT_KEY, JOB_ID_TAG } from "@/domain/log-service/log-service.ts";
import { type DecodedLog, type DecodedLogGroup, encodeContents } from "@/server/sls/log-group.ts";

/** What the logs of one request have in common, as it is stored. */
export type RequestFields = {
  readonly topic: string;
  readonly source: string;
  /** JSON: a list of keys and values, since a key may stand more than once. */
  readonly tags: string;
  readonly jobId: number | null;
  readonly batchId: string | null;
};

/** A log that is stored once per identity. */
export type IdentifiedLog = EventIdentity &
  Pick<HistoryEvent, "eventRW"> & {
    /** Place in the request, from 0. */
    readonly position: number;
    /** The identity as one text. */
    readonly key: string;
    readonly time: number;
    /** The content `event`, byte for byte. */
    readonly event: Buffer;
    readonly digest: Buffer;
    /** In wire form; null when there are none. */
    readonly otherContents: Buffer | null;
  };

/** A log without a valid identity: all its contents in wire form. */
export type PlainLog = { readonly time: number; readonly contents: Buffer };

export type SortedLogs = {
  readonly request: RequestFields;
  readonly identified: readonly IdentifiedLog[];
  readonly plain: readonly PlainLog[];
};

/** The logs of a request, by whether they have an identity, in the form in which they are stored. */
export function sortLogs({ logs, topic, source, tags }: DecodedLogGroup): SortedLogs {
  const identified: IdentifiedLog[] = [];
  const plain: PlainLog[] = [];
  for (const [position, log] of logs.entries()) {
    const found = identify(log, position);
    if (found === null) {
      plain.push({ time: log.time, contents: encodeContents(log.contents) });
    } else {
      identified.push(found);
    }
  }
  const tagValue = (key: string) => tags.find((tag) => tag.key === key)?.value;
  const request = {
    topic: clean(topic),
    source: clean(source),
    tags: JSON.stringify(tags.map(({ key, value }) => ({ key: clean(key), value: clean(value) }))),
    jobId: parseJobId(tagValue(JOB_ID_TAG)),
    batchId: clean(tagValue(BATCH_ID_TAG) ?? "") || null,
  };
  return { request, identified, plain };
}

function identify(log: DecodedLog, position: number): IdentifiedLog | null {
  const [content, ...more] = log.contents.filter(({ key }) => key === EVENT_CONTENT_KEY);
  // Of two contents `event` neither is the log's: one would have to be thrown away.
  if (content === undefined || more.length > 0 || !isUtf8(content.value)) {
    return null;
  }
  const identity = identityOf(content.value.toString("utf8"));
  if (identity === null) {
    return null;
  }
  return {
    ...identity,
    position,
    key: `${identity.region}\0${identity.eventTime.getTime()}\0${identity.eventId}`,
    time: log.time,
    event: content.value,
    digest: hash("sha256", content.value, "buffer"),
    otherContents:
      log.contents.length === 1 ? null : encodeContents(log.contents.filter(({ key }) => key !== EVENT_CONTENT_KEY)),
  };
}

/** PostgreSQL holds no NUL. Only what logs are looked up by is cleaned; contents are kept byte for byte. */
function clean(text: string): string {
  return text.replaceAll("\0", "");
}

/** The tag's job id, or null when it is none: any client may send any tag. */
function parseJobId(tag: string | undefined): number | null {
  const jobId = /^[1-9][0-9]{0,9}$/.test(tag ?? "") ? Number(tag) : null;
  return jobId !== null && jobId < 2 ** 31 ? jobId : null;
}
