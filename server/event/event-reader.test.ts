import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVENT_BODY_BYTES_MAX } from "@/domain/event/event.ts";
import { readEvents } from "./event-reader.ts";
import { EventScanner, type ScannedEvent } from "./event-scanner.ts";

/** What is found when the input comes in pieces of these sizes, again and again. */
function scan(input: string | Uint8Array, pieceSizes: readonly number[] = [Number.POSITIVE_INFINITY]): ScannedEvent[] {
  const bytes = Buffer.from(input);
  const scanner = new EventScanner();
  const found: ScannedEvent[] = [];
  for (let from = 0, piece = 0; from < bytes.length; piece++) {
    const size = pieceSizes[piece % pieceSizes.length] ?? 1;
    found.push(...scanner.push(bytes.subarray(from, from + size)));
    from += size;
  }
  return [...found, ...scanner.end()];
}

/** One line for each find: its line number, then the text or the reason. */
function brief(found: readonly ScannedEvent[]): string[] {
  return found.map((one) => (one.kind === "event" ? `${one.line} ${one.text}` : `${one.line}: ${one.reason}`));
}

const NOT_AN_OBJECT = "not a JSON object";

describe("EventScanner", () => {
  it.each([
    ["nothing at all", "", []],
    ["blank lines", "\n \r\n\t\n", []],
    ["an empty list", "[\n]\n", []],
    ["words", "hello, {world}\n", [`1: ${NOT_AN_OBJECT}`]],
    ["a bare string with a brace", '"{}"\n{}', [`1: ${NOT_AN_OBJECT}`, "2 {}"]],
    ["a line of a log", "[WARN] 12:00 {disk} full\n{}\n", [`1: ${NOT_AN_OBJECT}`, "2 {}"]],
    ["a line that breaks off in a string", '{"a":"b\n{"c":1}\n', [`1: ${NOT_AN_OBJECT}`, '2 {"c":1}']],
    ["a line that breaks off behind a backslash", '{"a":"b\\\n{"c":1}\n', [`1: ${NOT_AN_OBJECT}`, '2 {"c":1}']],
    ["a line that breaks off behind a value", '{"a":1\n{"c":1}\n', [`1: ${NOT_AN_OBJECT}`, '2 {"c":1}']],
    [
      "a line that breaks off behind a colon",
      '{"a":\n{"c":1}\n{"d":1}',
      [`1: ${NOT_AN_OBJECT}`, '2 {"c":1}', '3 {"d":1}'],
    ],
    ["a last line but one that breaks off", '{"a":[\n{"c":1}\n', [`1: ${NOT_AN_OBJECT}`, '2 {"c":1}']],
    [
      "lines that break off one after another",
      '{"a":\n{"a":[1,\n{"a":{\n{"c":1}\n{"d":1}\n',
      [`1: ${NOT_AN_OBJECT}`, `2: ${NOT_AN_OBJECT}`, `3: ${NOT_AN_OBJECT}`, '4 {"c":1}', '5 {"d":1}'],
    ],
    ["a last line that breaks off", '{"c":1}\n{"a":{"b":1}', ['1 {"c":1}', `2: ${NOT_AN_OBJECT}`]],
    ["a line with one bracket too many", '{"a":1}}\n{"c":1}', ['1 {"a":1}', `1: ${NOT_AN_OBJECT}`, '2 {"c":1}']],
    ["brackets that do not match", '{"a":[1}\n{"c":1}', [`1: ${NOT_AN_OBJECT}`, '2 {"c":1}']],
    ["a comma too many", '{"a":1,}\n{"c":1}', [`1: ${NOT_AN_OBJECT}`, '2 {"c":1}']],
    ["a comma too few", '{"a":1 "b":{"x":2}}\n{"c":1}', [`1: ${NOT_AN_OBJECT}`, '2 {"c":1}']],
    ["an object in the place of a key", '{{"x":1}:2}{"c":1}', [`1: ${NOT_AN_OBJECT}`, '1 {"c":1}']],
    [
      "a broken element of a list in one line",
      '[{"a":1},{"b" 2,"x":{"y":"}"}},7,"a,{}",{"c":3}]',
      ['1 {"a":1}', `1: ${NOT_AN_OBJECT}`, `1: ${NOT_AN_OBJECT}`, `1: ${NOT_AN_OBJECT}`, '1 {"c":3}'],
    ],
    [
      "a broken element of an indented list",
      '[\n  {\n    "a": {\n      "b": 1\n  },\n  {\n    "c": 1\n  }\n]\n',
      [`2: ${NOT_AN_OBJECT}`, '6 {\n    "c": 1\n  }'],
    ],
  ])("finds its feet again after %s", (_what, input, expected) => {
    expect(brief(scan(input))).toEqual(expected);
    expect(brief(scan(input, [1]))).toEqual(expected);
  });

  it.each([
    ["lines", '{"a":1}\n{"b":2}\n', ['1 {"a":1}', '2 {"b":2}']],
    ["lines that end with CR LF", '{"a":1}\r\n\r\n{"b":2}\r\n', ['1 {"a":1}', '3 {"b":2}']],
    ["lines behind a byte order mark", '\ufeff{"a":1}\n', ['1 {"a":1}']],
    ["a list behind a byte order mark", '\ufeff[{"a":1}]', ['1 {"a":1}']],
    ["objects without anything between them", '{"a":1}{"b":{}}', ['1 {"a":1}', '1 {"b":{}}']],
    ["a list", '[{"a":1} , \n {"b":2}\n]', ['1 {"a":1}', '2 {"b":2}']],
    ["a list on each line", '[{"a":1}]\n[{"b":2},{"c":3}]\n', ['1 {"a":1}', '2 {"b":2}', '2 {"c":3}']],
    ["values that begin their line", '{"a":\n{"b":\n[\n{}]}}\n{}', ['1 {"a":\n{"b":\n[\n{}]}}', "5 {}"]],
    [
      "brackets and quotes inside strings",
      '{"a":"}{][\\"\\\\"}\n{"\\"{":1}',
      ['1 {"a":"}{][\\"\\\\"}', '2 {"\\"{":1}'],
    ],
    ["a byte order mark inside a string", '{"a":"\ufeff"}', ['1 {"a":"\ufeff"}']],
  ])("takes %s as they stand", (_what, input, expected) => {
    expect(brief(scan(input))).toEqual(expected);
    expect(brief(scan(input, [1]))).toEqual(expected);
  });

  it("refuses an event whose bytes are not UTF-8, and only that one", () => {
    const input = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}\n{"b":"é"}')]);
    expect(brief(scan(input))).toEqual(["1: not valid Unicode", '2 {"b":"é"}']);
  });

  it("takes an event of exactly 1 MB, and refuses one of a byte more", () => {
    const ofSize = (size: number) => `{"a":"${"x".repeat(size - '{"a":""}'.length)}"}`;
    const fits = ofSize(EVENT_BODY_BYTES_MAX);
    const input = `${ofSize(EVENT_BODY_BYTES_MAX + 1)}\n${fits}\n{}\n`;
    for (const size of [1_000, 65_536, 10_000_000]) {
      expect(brief(scan(input, [size]))).toEqual(["1: the event is larger than 1 MB", `2 ${fits}`, "3 {}"]);
    }
  });

  it("holds no more than the greatest event of an endless one, and goes on behind it", () => {
    const scanner = new EventScanner();
    const before = process.memoryUsage().arrayBuffers;
    scanner.push(Buffer.from('{"a":["'));
    const piece = Buffer.alloc(1_000_000, "x\\\\[");
    const refused: ScannedEvent[] = [];
    for (let pieces = 0; pieces < 200; pieces++) {
      refused.push(...scanner.push(piece));
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
    expect(brief([...refused, ...scanner.push(Buffer.from('"]}{}')), ...scanner.end()])).toEqual([
      "1: the event is larger than 1 MB",
      "1 {}",
    ]);
  });

  it("refuses each of very many lines that break off one after another, without an end of going back", () => {
    expect(scan('{"a":\n'.repeat(100_000), [65_536]).filter((one) => one.kind === "refused")).toHaveLength(100_000);
  });

  const pieceSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
  const objects = fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ stringUnit: "binary" })), {
    maxLength: 6,
  });
  const spaces = fc.array(fc.constantFrom("", "", " ", "\n", "\r\n", "\t", "\n  "), { minLength: 1, maxLength: 12 });

  it("finds the objects of valid input as they stand, in any layout, however it is cut", () => {
    const separator = fc.constantFrom("\n", "", ",\n", " , ");
    fc.assert(
      fc.property(objects, spaces, separator, pieceSizes, (values, gaps, between, sizes) => {
        const texts = values.map((value) => spaceOut(JSON.stringify(value), gaps));
        const isList = between.includes(",");
        const input = `${isList ? "[" : ""}${texts.join(between)}${isList ? "]" : ""}`;
        const found = scan(input, sizes);
        expect(found.map((one) => (one.kind === "event" ? one.text : one.reason))).toEqual(texts);
        let searched = 0;
        for (const [index, one] of found.entries()) {
          const at = input.indexOf(texts[index] ?? "", searched);
          expect(one.line).toBe(input.slice(0, at).split("\n").length);
          searched = at + (texts[index] ?? "").length;
        }
      }),
    );
  });

  it("finds every whole line among lines that break off anywhere, and refuses each of those once", () => {
    const line = fc.tuple(
      fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), pieceSizes, (drafts, sizes) => {
        const lines = drafts.map(([value, share, isWhole]) => {
          const text = JSON.stringify(value);
          return isWhole ? text : text.slice(0, 1 + Math.floor(share * (text.length - 2)));
        });
        const expected = drafts.map(([, , isWhole], index) =>
          isWhole ? `${index + 1} ${lines[index]}` : `${index + 1}: ${NOT_AN_OBJECT}`,
        );
        expect(brief(scan(lines.join("\n"), sizes))).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The same JSON text with spaces between its tokens. */
function spaceOut(text: string, gaps: readonly string[]): string {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^{}[\],:"]+/g) ?? [];
  return tokens.map((token, index) => (index === 0 ? "" : (gaps[index % gaps.length] ?? "")) + token).join("");
}

async function readAll(pieces: AsyncIterable<Uint8Array>): Promise<string[]> {
  const found: ScannedEvent[] = [];
  for await (const one of readEvents(pieces)) {
    found.push(one);
  }
  return brief(found);
}

function read(pieces: Iterable<Uint8Array>): Promise<string[]> {
  async function* source() {
    yield* pieces;
  }
  return readAll(source());
}

describe("readEvents", () => {
  const text = '{"a":"云"}\n{"b":2}\n';
  const expected = ['1 {"a":"云"}', '2 {"b":2}'];

  it("rejects when a gzip file is cut short or damaged, after what came before", async () => {
    const large = gzipSync(`${text}${'{"x":"0"}\n'.repeat(200_000)}`);
    await expect(read([large.subarray(0, large.length - 9)])).rejects.toThrow("unexpected end of file");
    await expect(read([large.subarray(0, 5), Buffer.alloc(100)])).rejects.toThrow();
  });

  it("rejects with the error of its source", async () => {
    async function* failing(beginning: Uint8Array) {
      yield beginning;
      throw new Error("the disk is gone");
    }
    await expect(readAll(failing(Buffer.from(text)))).rejects.toThrow("the disk is gone");
    await expect(readAll(failing(gzipSync(text).subarray(0, 10)))).rejects.toThrow("the disk is gone");
  });

  it.each([
    ["plain", Buffer.from(text)],
    ["gzip", gzipSync(text)],
    ["several gzip files behind one another", Buffer.concat([gzipSync(text.slice(0, 12)), gzipSync(text.slice(12))])],
  ])("reads %s input, whole or byte by byte", async (_what, bytes) => {
    expect(await read([bytes])).toEqual(expected);
    expect(await read(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(expected);
  });

  it("reads nothing from nothing", async () => {
    expect(await read([])).toEqual([]);
    expect(await read([Buffer.from("{")])).toEqual([`1: ${NOT_AN_OBJECT}`]);
  });

  it("lets go of its source when it is left early", async () => {
    let isReleased = false;
    async function* source() {
      try {
        yield Buffer.from(text);
        yield Buffer.from(text);
      } finally {
        isReleased = true;
      }
    }
    for await (const _ of readEvents(source())) {
      break;
    }
    expect(isReleased).toBe(true);
  });
});
