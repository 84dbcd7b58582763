import { parseEvent } from "@/domain/event/event.ts";
import type { PutLogsAnswer } from "@/domain/log-service/log-service.ts";
import { JOB_ID_TAG } from "@/domain/log-service/log-service.ts";
import { decodeWithProtobufjs } from "@/testing/log-proto.ts";
import type { Ack } from "./model.ts";

/** What a request may meet instead of a service that takes it. */
export const TROUBLES = ["request-lost", "answer-lost", "busy", "quota", "no-logstore", "bad-request"] as const;
export type Trouble = (typeof TROUBLES)[number];

const REFUSALS = {
  busy: { status: 503, code: "ServerBusy" },
  quota: { status: 403, code: "WriteQuotaExceed" },
  "no-logstore": { status: 404, code: "LogStoreNotExist" },
  "bad-request": { status: 400, code: "InvalidCompressType" },
  poison: { status: 400, code: "PostBodyInvalid" },
  "out-of-range": { status: 400, code: "InvalidTimestamp" },
} as const;

type Log = { readonly key: string; readonly text: string; readonly isDeliveryTimed: boolean };

/** What came of a request: its answer, and what that says of each event. */
export type SinkOutcome = { readonly answer: PutLogsAnswer; readonly acks: ReadonlyMap<string, Ack> };

/** A logstore in memory. One that counts judges as the built-in log service is documented to; others take everything. */
export class ModelSink {
  readonly counts: boolean;
  /** Keys of events that it will not take, and the whole batch with them. */
  readonly poison = new Set<string>();
  /** Whether it refuses logs with the times of old events. */
  refusesOldTimes = false;
  /** What the next requests meet, in this order. */
  readonly troubles: Trouble[] = [];
  /** By key, then by text: the job that stored it first. */
  readonly #logs = new Map<string, Map<string, string | null>>();

  constructor(counts: boolean) {
    this.counts = counts;
  }

  /** Takes everything from now on, but for the logs that it will never take. */
  recover(): void {
    this.troubles.length = 0;
    this.refusesOldTimes = false;
  }

  has({ key, text }: { readonly key: string; readonly text: string }): boolean {
    return this.#logs.get(key)?.has(text) ?? false;
  }

  /** Something else than a history job stores a log. */
  store({ key, text }: { readonly key: string; readonly text: string }): void {
    this.#take({ key, text, isDeliveryTimed: false }, null);
  }

  put(logGroup: Uint8Array): SinkOutcome {
    const { Logs, LogTags } = decodeWithProtobufjs(logGroup);
    const jobId = LogTags.find(({ Key }) => Key === JOB_ID_TAG)?.Value ?? null;
    const logs = Logs.map(({ Time, Contents }) => toLog(Time, Contents[0]?.Value ?? ""));
    const trouble = this.troubles.shift();
    if (trouble === "answer-lost") {
      this.#answerTo(logs, jobId);
    }
    if (trouble === "request-lost" || trouble === "answer-lost") {
      return { answer: { kind: "unanswered", message: trouble }, acks: new Map() };
    }
    return trouble === undefined ? this.#answerTo(logs, jobId) : refuse(trouble);
  }

  #answerTo(logs: readonly Log[], jobId: string | null): SinkOutcome {
    if (this.refusesOldTimes && !logs.every(({ isDeliveryTimed }) => isDeliveryTimed)) {
      return refuse("out-of-range");
    }
    if (logs.some(({ key }) => this.poison.has(key))) {
      const [first, ...others] = logs;
      return refuse(
        "poison",
        first !== undefined && others.length === 0 ? [[first.key, { kind: "refused-alone" }]] : [],
      );
    }
    const acks = new Map(logs.map((log) => [log.key, this.#take(log, jobId)]));
    const kinds = logs.map(({ key }) => acks.get(key)?.kind);
    const counts = {
      new: kinds.filter((kind) => kind === "new").length,
      present: kinds.filter((kind) => kind === "present").length,
      conflicts: kinds.flatMap((kind, position) => (kind === "conflict" ? position : [])),
    };
    return { answer: { kind: "accepted", counts: this.counts ? counts : null }, acks };
  }

  #take({ key, text, isDeliveryTimed }: Log, jobId: string | null): Ack {
    const held = this.#logs.get(key) ?? new Map<string, string | null>();
    this.#logs.set(key, held);
    if (this.counts && held.size > 0 && !held.has(text)) {
      return { kind: "conflict" };
    }
    if (!held.has(text)) {
      held.set(text, jobId);
    }
    const isNew = !this.counts || (jobId !== null && held.get(text) === jobId);
    return { kind: isNew ? "new" : "present", isDeliveryTimed };
  }
}

function refuse(why: keyof typeof REFUSALS, acks: readonly (readonly [string, Ack])[] = []): SinkOutcome {
  return {
    answer: { kind: "refused", ...REFUSALS[why], message: `refused: ${why}`, retryAfterMs: null },
    acks: new Map(acks),
  };
}

/** More than this apart, and a log carries another time than its event's. */
const SAME_TIME_SECONDS = 1;

function toLog(time: number, text: string): Log {
  const parsed = parseEvent(text, new Date());
  if (parsed.kind !== "event") {
    throw new Error(`what came is no event: ${text.slice(0, 200)}`);
  }
  const { region, eventTime, eventId } = parsed.event;
  return {
    key: keyOf(region, eventTime.getTime(), eventId),
    text,
    isDeliveryTimed: Math.abs(time - eventTime.getTime() / 1_000) > SAME_TIME_SECONDS,
  };
}

export function keyOf(region: string, time: number, id: string): string {
  return `${region} ${new Date(time).toISOString()} ${id}`;
}
