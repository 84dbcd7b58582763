import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { EVENT_CONTENT_KEY, type LogstoreName } from "@/domain/log-service/log-service.ts";
import { matchesLog } from "@/domain/log-service/query-match.ts";
import type { LogReading, ReadLog } from "@/domain/log-service/reading.ts";
import { pool } from "@/server/db.ts";
import { contentsOf, type LogRow, tagsOf, walkLogs } from "./log-walk.ts";
import { passWholeHours } from "./passed-hours.ts";
import { getLogstoreId } from "./queries.ts";

/** The vendor's Node client waits 3 s for an answer; what was found until then is told to be incomplete. */
const BUDGET_MS = 2_500;

/** A log is up to 1 MB: a page of large ones ends early, so that neither side has to hold a hundred of them. In UTF-16 code units. */
const PAGE_LENGTH_MAX = 10_000_000;

/** Logs that are fetched at a time. */
const CHUNK_SIZE = 200;

/** What a reading found. */
export type ReadLogs = {
  readonly logs: readonly ReadLog[];
  /** Whether the logs are all that the reading asked for; if not, time ran out, or more would be too much for one answer. */
  readonly isComplete: boolean;
};

/**
 * The logs of a logstore that a client asks for, by time. A log with an event of valid identity is found by its event's time, to the
 * second, another one by its log time. Of a reading that wants every log the hours before its page are counted and not read. Where little
 * fits, the reading ends after some seconds with what it has, and says so; so it does where its logs are large.
 * @throws LogServiceError ProjectNotExist, LogStoreNotExist
 */
export async function readLogs(
  scope: AccountScope,
  name: LogstoreName,
  reading: LogReading,
  budgetMs = BUDGET_MS,
): Promise<ReadLogs> {
  const logstoreId = await getLogstoreId(scope, name);
  const deadline = performance.now() + budgetMs;
  const logs: ReadLog[] = [];
  const wantsAll = reading.condition.kind === "all" && reading.topic === null;
  const passed = wantsAll && reading.offset > 0 ? await passWholeHours(logstoreId, reading) : reading;
  let toSkip = passed.offset;
  let length = 0;
  const left = { ...reading, from: passed.from, to: passed.to };
  const found = inOrder(withEvent(logstoreId, left), withoutEvent(logstoreId, left), reading.isReversed);
  for await (const log of found) {
    if (log === LOOKED_ON) {
      if (performance.now() > deadline) {
        return { logs, isComplete: false };
      }
    } else if (reading.topic !== null && log.topic !== reading.topic) {
      continue;
    } else if (toSkip > 0) {
      toSkip--;
    } else if (logs.length < reading.line) {
      length += lengthOf(log);
      if (length > PAGE_LENGTH_MAX && logs.length > 0) {
        return { logs, isComplete: false };
      }
      logs.push(log);
    }
    if (toSkip === 0 && logs.length === reading.line) {
      break;
    }
  }
  return { logs, isComplete: true };
}

/** Stands between found logs for some that were looked at, so that whoever waits can look at the clock. */
const LOOKED_ON = "looked on";

type Found = AsyncGenerator<{ readonly seconds: number; readonly log: ReadLog } | typeof LOOKED_ON>;

async function* withEvent(logstoreId: number, { from, to, isReversed, condition }: LogReading): Found {
  const search = { from: from.toISOString(), to: to.toISOString(), condition };
  for await (const { found } of walkLogs(logstoreId, search, {
    order: isReversed ? "newest" : "oldest",
    beyond: null,
  })) {
    for (const row of found) {
      yield { seconds: Math.floor(row.event_time.getTime() / 1_000), log: toReadLog(row) };
    }
    yield LOOKED_ON;
  }
}

function lengthOf({ contents, tags }: ReadLog): number {
  return [...contents, ...tags].reduce((sum, { key, value }) => sum + key.length + value.length, 0);
}

function toReadLog(row: LogRow): ReadLog {
  const event = { key: EVENT_CONTENT_KEY, value: row.event };
  return { ...common(row), contents: [event, ...contentsOf(row.other_contents)] };
}

type PlainRow = {
  readonly id: number;
  readonly time: number;
  readonly topic: string;
  readonly source: string;
  readonly tags: unknown;
  readonly contents: Buffer;
};

/** The logs without an event of valid identity, along the index on their time. */
async function* withoutEvent(logstoreId: number, { from, to, isReversed, condition }: LogReading): Found {
  const [direction, beyond] = isReversed ? ["DESC", "<"] : ["ASC", ">"];
  let last: PlainRow | undefined;
  for (;;) {
    const { rows }: { rows: PlainRow[] } = await pool().query<PlainRow>(
      `SELECT id, time, topic, source, tags, contents FROM plain_log
       WHERE logstore_id = $1 AND time >= $2 AND time < $3 AND ($4::int8 IS NULL OR (time, id) ${beyond} ($4, $5))
       ORDER BY time ${direction}, id ${direction}
       LIMIT $6`,
      [logstoreId, secondsOf(from), secondsOf(to), last?.time ?? null, last?.id ?? null, CHUNK_SIZE],
    );
    for (const row of rows) {
      const log = { ...common(row), contents: contentsOf(row.contents) };
      if (matchesLog(condition, { ...log, event: null })) {
        yield { seconds: row.time, log };
      }
    }
    yield LOOKED_ON;
    if (rows.length < CHUNK_SIZE) {
      return;
    }
    last = rows.at(-1);
  }
}

function common(row: Omit<PlainRow, "id" | "contents">): Omit<ReadLog, "contents"> {
  return { time: row.time, topic: row.topic, source: row.source, tags: tagsOf(row) };
}

function secondsOf(instant: Date): number {
  return instant.getTime() / 1_000;
}

/** Two streams by time as one; of logs of one second those with an event go first. */
async function* inOrder(first: Found, second: Found, isReversed: boolean): AsyncGenerator<ReadLog | typeof LOOKED_ON> {
  let [one, other] = [await first.next(), await second.next()];
  while (!one.done || !other.done) {
    if (!one.done && (one.value === LOOKED_ON || isBefore(one.value, other, isReversed))) {
      yield one.value === LOOKED_ON ? LOOKED_ON : one.value.log;
      one = await first.next();
    } else if (!other.done) {
      yield other.value === LOOKED_ON ? LOOKED_ON : other.value.log;
      other = await second.next();
    }
  }
}

function isBefore(
  one: { readonly seconds: number },
  other: Awaited<ReturnType<Found["next"]>>,
  isReversed: boolean,
): boolean {
  if (other.done || other.value === LOOKED_ON) {
    return other.done === true;
  }
  return isReversed ? one.seconds >= other.value.seconds : one.seconds <= other.value.seconds;
}
