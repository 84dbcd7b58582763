import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeWithProtobufjs, encodeWithProtobufjs, type ProtoLogGroup } from "@/testing/log-proto.ts";
import { decodeLogGroup, encodeContents, LogGroupWriter } from "./log-group.ts";
import { ProtobufError } from "./protobuf.ts";

const text = fc.string({ unit: "binary", maxLength: 300 });
const time = fc.oneof(fc.constantFrom(0, 127, 128, 2 ** 31, 2 ** 32 - 1), fc.nat(2 ** 31 - 1));
const meta = fc.record({
  topic: text,
  source: text,
  tags: fc.array(fc.record({ key: text, value: text }), { maxLength: 4 }),
});
const protoLogGroup = fc.record<ProtoLogGroup>(
  {
    Logs: fc.array(
      fc.record(
        {
          Time: time,
          Contents: fc.array(fc.record({ Key: text, Value: text }), { maxLength: 4 }),
          TimeNs: fc.nat(999_999_999),
        },
        { requiredKeys: ["Time", "Contents"] },
      ),
      { maxLength: 6 },
    ),
    Reserved: text,
    Topic: text,
    Source: text,
    LogTags: fc.array(fc.record({ Key: text, Value: text }), { maxLength: 4 }),
  },
  { requiredKeys: ["Logs", "LogTags"] },
);

const plainMeta = { topic: "t", source: "s", tags: [] };

/** A message of hand-made fields, each given by its tag byte and what follows. */
function bytes(...parts: (number | number[] | string)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from([part].flat()))),
  );
}

describe("LogGroupWriter", () => {
  it("writes what protobufjs reads", () => {
    fc.assert(
      fc.property(
        meta,
        fc.array(fc.record({ time, event: text }), { maxLength: 6 }),
        ({ topic, source, tags }, logs) => {
          const writer = new LogGroupWriter({ topic, source, tags });
          for (const log of logs) {
            writer.add({ time: log.time, event: Buffer.from(log.event) });
          }
          expect(decodeWithProtobufjs(writer.finish())).toEqual({
            Logs: logs.map((log) => ({ Time: log.time, Contents: [{ Key: "event", Value: log.event }] })),
            Topic: topic,
            Source: source,
            LogTags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
          });
        },
      ),
    );
  });

  it("knows the exact size and count after every log", () => {
    fc.assert(
      fc.property(meta, fc.array(fc.record({ time, event: text }), { maxLength: 6 }), (commonMeta, logs) => {
        const writer = new LogGroupWriter(commonMeta);
        for (const [index, log] of logs.entries()) {
          writer.add({ time: log.time, event: Buffer.from(log.event) });
          const same = new LogGroupWriter(commonMeta);
          for (const earlier of logs.slice(0, index + 1)) {
            same.add({ time: earlier.time, event: Buffer.from(earlier.event) });
          }
          expect(writer.rawSize).toBe(same.finish().length);
          expect(writer.logCount).toBe(index + 1);
        }
        const { rawSize } = writer;
        expect(writer.finish().length).toBe(rawSize);
      }),
    );
  });

  it("is right at every length where a length takes one more byte", () => {
    for (const edge of [0x80, 0x4000, 0x20_0000]) {
      for (let length = edge - 20; length <= edge + 2; length++) {
        const writer = new LogGroupWriter(plainMeta);
        writer.add({ time: 1, event: Buffer.alloc(length, "x") });
        expect(decodeLogGroup(writer.finish()).logs[0]?.contents[0]?.value.length).toBe(length);
      }
    }
  });

  it("keeps what it has when its buffer grows", () => {
    const writer = new LogGroupWriter(plainMeta);
    const events = Array.from({ length: 2_000 }, (_, index) => `${index}-事件-🙂-`.repeat(1 + (index % 90)));
    for (const [index, event] of events.entries()) {
      writer.add({ time: index, event: Buffer.from(event) });
    }
    const { logs } = decodeLogGroup(writer.finish());
    expect(logs.map(({ contents }) => String(contents[0]?.value))).toEqual(events);
  });
});

describe("decodeLogGroup", () => {
  const log = (...fields: Parameters<typeof bytes>) => {
    const message = bytes(...fields);
    return bytes(0x0a, message.length, [...message]);
  };

  it.each<[string, Buffer]>([
    ["a tag that is cut off", bytes(0x8a)],
    ["a field without its length", bytes(0x0a)],
    ["a length that is cut off", bytes(0x0a, 0x80)],
    ["a length beyond the end", bytes(0x0a, 0x05, 0x08)],
    ["a length of almost 4 GB", bytes(0x0a, [0xff, 0xff, 0xff, 0xff, 0x0f])],
    ["a length of more than 32 bits", bytes(0x0a, [0xff, 0xff, 0xff, 0xff, 0x1f])],
    ["a length of more than 64 bits", bytes(0x0a, Array(10).fill(0xff), 0x01)],
    ["a field with the number 0", bytes(0x02, 0x00)],
    ["logs as a number", bytes(0x08, 0x01)],
    ["a topic as fixed32", bytes(0x1d, [1, 2, 3, 4])],
    ["a group", bytes(0x3b, 0x3c)],
    ["the end of a group", bytes(0x3c)],
    ["a wire type that does not exist", bytes(0x3f)],
    ["an unknown number that never ends", bytes(0x38, Array(10).fill(0xff), 0x01)],
    ["an unknown number that is cut off", bytes(0x38, 0xff)],
    ["an unknown fixed64 that is cut off", bytes(0x39, [1, 2, 3, 4])],
    ["an unknown fixed32 that is cut off", bytes(0x3d, [1, 2])],
    ["an unknown text beyond the end", bytes(0x3a, 0x04, "abc")],
    ["a log without Time", log()],
    ["a log whose Time is text", log(0x0a, 0x01, "1")],
    ["a log whose Time has more than 32 bits", log(0x08, [0x80, 0x80, 0x80, 0x80, 0x10])],
    ["a log that ends inside its Time", log(0x08)],
    ["a content without Key", log(0x08, 1, 0x12, 3, 0x12, 1, "v")],
    ["a content without Value", log(0x08, 1, 0x12, 3, 0x0a, 1, "k")],
    ["a content whose Value is a number", log(0x08, 1, 0x12, 5, 0x0a, 1, "k", 0x10, 1)],
    ["a Key that is not UTF-8", log(0x08, 1, 0x12, 6, 0x0a, 1, 0xff, 0x12, 1, "v")],
    ["a topic that is not UTF-8", bytes(0x1a, 1, 0xc0)],
    ["a tag without Value", bytes(0x32, 3, 0x0a, 1, "k")],
    ["a tag whose Value is not UTF-8", bytes(0x32, 6, 0x0a, 1, "k", 0x12, 1, 0x80)],
    ["more logs than memory should hold", Buffer.concat(Array(250_001).fill(log(0x08, 1)))],
  ])("refuses %s", (_, malformed) => {
    expect(() => decodeLogGroup(malformed)).toThrow(ProtobufError);
  });

  it("reads what protobufjs writes", () => {
    fc.assert(
      fc.property(protoLogGroup, (logGroup) => {
        expect(decodeLogGroup(encodeWithProtobufjs(logGroup))).toEqual({
          logs: logGroup.Logs.map(({ Time, Contents }) => ({
            time: Time,
            contents: Contents.map(({ Key, Value }) => ({ key: Key, value: Buffer.from(Value) })),
          })),
          topic: logGroup.Topic ?? "",
          source: logGroup.Source ?? "",
          tags: logGroup.LogTags.map(({ Key, Value }) => ({ key: Key, value: Value })),
        });
      }),
    );
  });

  it("keeps a value's bytes, valid UTF-8 or not", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (value) => {
        const content = bytes(0x0a, 1, "k", 0x12, value.length, [...value]);
        const decoded = decodeLogGroup(log(0x08, 1, 0x12, content.length, [...content]));
        expect(decoded.logs[0]?.contents[0]?.value).toEqual(Buffer.from(value));
      }),
    );
  });

  it("passes over fields it does not know", () => {
    const unknown = bytes(0x38, [0xff, 0x01], 0x39, [1, 2, 3, 4, 5, 6, 7, 8], 0x3a, 2, "ab", 0x3d, [1, 2, 3, 4]);
    const decoded = decodeLogGroup(bytes([...unknown], [...log([...unknown], 0x08, 7, [...unknown])], [...unknown]));
    expect(decoded).toEqual({ logs: [{ time: 7, contents: [] }], topic: "", source: "", tags: [] });
  });

  it("never does anything but answer or throw ProtobufError", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        protoLogGroup,
        fc.nat(),
        fc.nat(255),
        (noise, logGroup, at, byte) => {
          const damaged = Buffer.from(encodeWithProtobufjs(logGroup));
          if (damaged.length > 0) {
            damaged[at % damaged.length] = byte;
          }
          for (const input of [noise, damaged, damaged.subarray(0, at % (damaged.length + 1))]) {
            try {
              decodeLogGroup(input);
            } catch (error) {
              expect(error).toBeInstanceOf(ProtobufError);
            }
          }
        },
      ),
    );
  });
});

describe("encodeContents", () => {
  it("gives contents the form they have inside a log", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key: text, value: fc.uint8Array({ maxLength: 300 }) })), (pairs) => {
        const contents = pairs.map(({ key, value }) => ({ key, value: Buffer.from(value) }));
        const message = Buffer.concat([bytes(0x08, 1), encodeContents(contents)]);
        const lengthBytes = [(message.length & 0x7f) | 0x80, (message.length >> 7) & 0x7f];
        fc.pre(message.length < 0x4000);
        const decoded = decodeLogGroup(bytes(0x0a, lengthBytes, [...message]));
        expect(decoded.logs[0]?.contents).toEqual(contents);
      }),
    );
  });
});
