import { isUtf8 } from "node:buffer";
import { EVENT_CONTENT_KEY } from "@/domain/log-service/log-service.ts";
import { fieldTag, ProtobufError, ProtobufReader, ProtobufWriter, varintLength, WIRE_TYPE } from "./protobuf.ts";

// Field numbers of SLS's log.proto (actiontrail.md, 6.1). TimeNs (Log, 4) is passed over: log times are kept in seconds.
const LOG_GROUP = { logs: 1, topic: 3, source: 4, logTags: 6 } as const;
const LOG = { time: 1, contents: 2 } as const;
/** Content and LogTag are built alike. */
const PAIR = { key: 1, value: 2 } as const;

type LogTag = { readonly key: string; readonly value: string };

/** What the logs of one LogGroup have in common. */
export type LogGroupMeta = { readonly topic: string; readonly source: string; readonly tags: readonly LogTag[] };

/** A content as it came: the value's exact bytes, a view of the LogGroup's. */
export type DecodedContent = { readonly key: string; readonly value: Buffer };

/** A log as it came. `time` in seconds since 1970. */
export type DecodedLog = { readonly time: number; readonly contents: readonly DecodedContent[] };

export type DecodedLogGroup = LogGroupMeta & { readonly logs: readonly DecodedLog[] };

/** What a log takes beside its event, and what topic, source and tags take, at the most; more only makes the writer grow. */
const LOG_BYTES = 32;
const META_BYTES = 1_024;

/** All that stands before the length of an event's text in its Content. */
const EVENT_CONTENT_HEAD = Buffer.concat([
  Buffer.from([fieldTag(PAIR.key, WIRE_TYPE.lengthDelimited), EVENT_CONTENT_KEY.length]),
  Buffer.from(EVENT_CONTENT_KEY),
  Buffer.from([fieldTag(PAIR.value, WIRE_TYPE.lengthDelimited)]),
]);

/**
 * Writes one LogGroup of logs with the one content `event`, straight into the bytes that are sent: a delivery makes millions of
 * logs, so nothing is built in between.
 */
export class LogGroupWriter {
  readonly #writer: ProtobufWriter;
  readonly #meta: Buffer;
  #logCount = 0;

  /** @param expected the logs that are to come and the bytes of their events, so that they are written without being moved */
  constructor(meta: LogGroupMeta, expected = { logs: 0, eventBytes: 0 }) {
    this.#meta = encodeMeta(meta);
    this.#writer = new ProtobufWriter(META_BYTES + LOG_BYTES * expected.logs + expected.eventBytes);
  }

  get logCount(): number {
    return this.#logCount;
  }

  /** Exact size of the LogGroup, as `finish` would return it now, in bytes. */
  get rawSize(): number {
    return this.#writer.length + this.#meta.length;
  }

  /** @param log.time seconds since 1970; log.event is a text in UTF-8, which goes out as it is. */
  add(log: { readonly time: number; readonly event: Uint8Array }): void {
    this.#addHead(log.time, log.event.length);
    this.#writer.bytes(log.event);
    this.#logCount++;
  }

  /** The LogGroup. The writer has done its work and takes no more logs. */
  finish(): Uint8Array {
    this.#writer.bytes(this.#meta);
    return this.#writer.written();
  }

  /** All of a log that stands before its event's bytes: the lengths of every level are known from theirs. */
  #addHead(time: number, eventLength: number): void {
    const contentLength = EVENT_CONTENT_HEAD.length + varintLength(eventLength) + eventLength;
    const logLength = 1 + varintLength(time) + 1 + varintLength(contentLength) + contentLength;
    const writer = this.#writer;
    writer.varint(fieldTag(LOG_GROUP.logs, WIRE_TYPE.lengthDelimited));
    writer.varint(logLength);
    writer.varint(fieldTag(LOG.time, WIRE_TYPE.varint));
    writer.varint(time);
    writer.varint(fieldTag(LOG.contents, WIRE_TYPE.lengthDelimited));
    writer.varint(contentLength);
    writer.bytes(EVENT_CONTENT_HEAD);
    writer.varint(eventLength);
  }
}

function encodeMeta({ topic, source, tags }: LogGroupMeta): Buffer {
  const writer = new ProtobufWriter(256);
  writer.textField(LOG_GROUP.topic, topic);
  writer.textField(LOG_GROUP.source, source);
  for (const { key, value } of tags) {
    const pair = new ProtobufWriter(64);
    pair.textField(PAIR.key, key);
    pair.textField(PAIR.value, value);
    writer.bytesField(LOG_GROUP.logTags, pair.written());
  }
  return writer.written();
}

/** Contents in the form they have inside a Log, each under its field number. */
export function encodeContents(contents: readonly DecodedContent[]): Buffer<ArrayBuffer> {
  const writer = new ProtobufWriter(256);
  for (const { key, value } of contents) {
    const pair = new ProtobufWriter(16 + Buffer.byteLength(key) + value.length);
    pair.textField(PAIR.key, key);
    pair.bytesField(PAIR.value, value);
    writer.bytesField(LOG.contents, pair.written());
  }
  return writer.written();
}

/** Contents as encodeContents wrote them. @throws ProtobufError for anything else */
export function decodeContents(bytes: Uint8Array): DecodedContent[] {
  const reader = new ProtobufReader(bytes);
  const contents: DecodedContent[] = [];
  for (let field = reader.nextField(); field !== null; field = reader.nextField()) {
    if (field !== LOG.contents) {
      throw new ProtobufError(`a stored log has the field ${field} among its contents`);
    }
    contents.push(decodeContent(reader.bytes()));
  }
  return contents;
}

/**
 * Logs, contents and tags of one LogGroup together. Ten megabytes of empty ones would become gigabytes of objects; SLS's
 * own clients send at most 4,096 logs at once.
 */
const PARTS_MAX = 250_000;

/**
 * Reads a LogGroup. Fields that are not known are passed over; of a field that may stand once, the last counts.
 * @throws ProtobufError when the bytes do not follow the encoding, a required field is missing, a key, topic, source or
 * tag is no valid UTF-8, or the logs, contents and tags are more than 250,000.
 */
export function decodeLogGroup(bytes: Uint8Array): DecodedLogGroup {
  const budget = new PartBudget();
  const reader = new ProtobufReader(bytes);
  const logs: DecodedLog[] = [];
  const tags: LogTag[] = [];
  let topic = "";
  let source = "";
  for (let field = reader.nextField(); field !== null; field = reader.nextField()) {
    switch (field) {
      case LOG_GROUP.logs:
        budget.spend();
        logs.push(decodeLog(reader.bytes(), budget));
        break;
      case LOG_GROUP.topic:
        topic = reader.text();
        break;
      case LOG_GROUP.source:
        source = reader.text();
        break;
      case LOG_GROUP.logTags:
        budget.spend();
        tags.push(decodeTag(reader.bytes()));
        break;
      default:
        reader.skip();
    }
  }
  return { logs, topic, source, tags };
}

class PartBudget {
  #left = PARTS_MAX;

  spend(): void {
    this.#left--;
    if (this.#left < 0) {
      throw new ProtobufError(`there are more than ${PARTS_MAX} logs, contents and tags`);
    }
  }
}

function decodeLog(bytes: Buffer, budget: PartBudget): DecodedLog {
  const reader = new ProtobufReader(bytes);
  const contents: DecodedContent[] = [];
  let time: number | undefined;
  for (let field = reader.nextField(); field !== null; field = reader.nextField()) {
    switch (field) {
      case LOG.time:
        time = reader.uint32();
        break;
      case LOG.contents:
        budget.spend();
        contents.push(decodeContent(reader.bytes()));
        break;
      default:
        reader.skip();
    }
  }
  if (time === undefined) {
    throw new ProtobufError("a log has no Time");
  }
  return { time, contents };
}

function decodeContent(bytes: Buffer): DecodedContent {
  const reader = new ProtobufReader(bytes);
  let key: string | undefined;
  let value: Buffer | undefined;
  for (let field = reader.nextField(); field !== null; field = reader.nextField()) {
    switch (field) {
      case PAIR.key:
        key = reader.text();
        break;
      case PAIR.value:
        value = reader.bytes();
        break;
      default:
        reader.skip();
    }
  }
  if (key === undefined || value === undefined) {
    throw new ProtobufError("a content or tag has no Key or no Value");
  }
  return { key, value };
}

function decodeTag(bytes: Buffer): LogTag {
  const { key, value } = decodeContent(bytes);
  if (!isUtf8(value)) {
    throw new ProtobufError("a text is not valid UTF-8");
  }
  return { key, value: value.toString("utf8") };
}
