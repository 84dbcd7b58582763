import { createHash } from "node:crypto";
import { EVENT_AHEAD_MS_MAX, EVENT_BODY_BYTES_MAX, HISTORY_MS } from "@/domain/event/event.ts";

/** What an import of all lines, in their order, makes of one of them. */
type HardCaseOutcome = "recorded" | "present" | "conflict" | "outside-history" | "refused";

export type HardCase = {
  readonly name: string;
  /** One line of a file, without its newline. Where the event is recorded it is the body, byte for byte. */
  readonly line: string;
  readonly outcome: HardCaseOutcome;
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long after `now` the lines are still what they are said to be: events near the edge of history keep this distance. */
const GOOD_FOR_MS = 10 * MINUTE_MS;

const EVENTS_AT_ONE_INSTANT = 10_000;

/**
 * Lines that have broken, or could break, an import, a delivery or a log service. All that are recorded lie in the window
 * of a job that is created within ten minutes after `now`. The same each time but for the times in them.
 */
export function hardCases(now: Date): HardCase[] {
  return [
    ...oddTexts(now),
    ...oddFields(now),
    ...repeats(now),
    ...edgesOfTheWindow(now),
    ...refusals(now),
    ...largeBodies(now),
    ...manyAtOneInstant(now),
  ];
}

function fieldsOf(name: string, eventTime: Date, fields: Record<string, unknown> = {}): Record<string, unknown> {
  const digest = createHash("sha256").update(name).digest("hex").toUpperCase();
  return {
    eventId: `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`,
    eventVersion: 1,
    eventName: "DescribeInstances",
    eventType: "ApiCall",
    eventRW: "Read",
    eventTime: eventTime.toISOString(),
    acsRegion: "cn-hangzhou",
    serviceName: "Ecs",
    userIdentity: { type: "ram-user", userName: "alice", accessKeyId: "LTAI5tExample" },
    ...fields,
  };
}

function textOf(name: string, eventTime: Date, fields?: Record<string, unknown>): string {
  return JSON.stringify(fieldsOf(name, eventTime, fields));
}

function recorded(name: string, line: string): HardCase {
  return { name, line, outcome: "recorded" };
}

/** Valid JSON that only a copy byte for byte preserves. */
function oddTexts(now: Date): HardCase[] {
  const at = new Date(now.getTime() - DAY_MS);
  const inside = (name: string, extra: string) => recorded(name, textOf(name, at).replace(/}$/, `,${extra}}`));
  const spaced = (name: string) => JSON.stringify(fieldsOf(name, at), null, 1).replaceAll("\n", " ");
  return [
    inside("CJK text", '"note":"云服务器 실행 テスト"'),
    inside("emoji, also of several parts", '"note":"😀👩‍👩‍👧‍👦🏳️‍🌈"'),
    inside("right to left and combining marks", '"note":"\u202eمرحبا e\u0301"'),
    inside("characters beyond the basic plane and at its end", '"note":"𠮷\uffff\ufffd"'),
    inside("a byte order mark inside", '"note":"\ufeff"'),
    inside("line and paragraph separators", '"note":"\u2028\u2029\u0085"'),
    inside("delete and C1 control characters", '"note":"\u007f\u009f"'),
    inside("escaped NUL", '"note":"a\\u0000b","errorCode":"\\u0000","resourceName":"i\\u0000-1"'),
    inside("escaped lone surrogates", '"note":"\\ud800 \\udc00","resourceName":"\\udfff"'),
    inside("escaped pairs beside the characters themselves", '"note":"\\ud83d\\ude00😀"'),
    inside("needless and mixed escapes", '"note":"\\/\\u0041\\u00e9é\\b\\f\\n\\r\\t\\"\\\\"'),
    inside(
      "JSON inside JSON inside JSON",
      `"note":${JSON.stringify(JSON.stringify({ a: JSON.stringify({ b: '"' }) }))}`,
    ),
    inside("brackets and quotes in strings", '"note":"}{][,:\\"}"'),
    inside("what SQL, COPY and arrays would read as theirs", `"note":"NULL,{\\\\.},'; --","note2":"\\\\x00"`),
    inside("numbers no double holds", '"note":[1e400,-0,0.1000,12345678901234567890,1E+2]'),
    inside("a key twice", '"note":1,"note":2'),
    inside("keys that are empty, odd, or Object's own", '"":1,"__proto__":{"x":1},"constructor":2,"a.b":3'),
    inside("a body nested a thousand deep", `"note":${"[".repeat(1_000)}${"]".repeat(1_000)}`),
    recorded("spaces between all tokens", spaced("spaces between all tokens")),
    recorded(
      "tabs and carriage returns between tokens",
      spaced("tabs and carriage returns between tokens").replaceAll('": ', '"\t:\r'),
    ),
    recorded(
      "identity at the end, in another order",
      JSON.stringify(
        Object.fromEntries(Object.entries(fieldsOf("identity at the end, in another order", at)).toReversed()),
      ),
    ),
    recorded(
      "identity written in escapes",
      textOf("identity written in escapes", at)
        .replace('"acsRegion"', '"\\u0061csRegion"')
        .replace("cn-h", "cn\\u002dh"),
    ),
  ];
}

/** Fields that are absent, or not what a consumer expects. */
function oddFields(now: Date): HardCase[] {
  const at = new Date(now.getTime() - 2 * DAY_MS);
  const withFields = (name: string, fields: Record<string, unknown>) => recorded(name, textOf(name, at, fields));
  const { eventId, eventTime, acsRegion } = fieldsOf("only an identity", at);
  return [
    recorded("only an identity", JSON.stringify({ eventId, eventTime, acsRegion })),
    withFields("no eventRW", { eventRW: undefined }),
    withFields("an eventRW that is neither", { eventRW: "ReadWrite" }),
    withFields("an eventRW of null", { eventRW: null }),
    withFields("a global event", {
      isGlobal: true,
      serviceName: "Ram",
      eventName: "CreateAccessKey",
      eventRW: "Write",
    }),
    withFields("a region nobody knows", { acsRegion: "中国-1, x" }),
    withFields("an eventId like OSS's", { eventId: "6110E64B004C4034363CDC5E" }),
    withFields("an eventId with odd characters", { eventId: "a b/c,d'e\"f\\g%h_i\tj\u{1f600}" }),
    withFields("an eventId of 256 characters", { eventId: "x".repeat(256) }),
    withFields("look-up values of the wrong types", {
      serviceName: 7,
      userIdentity: ["alice"],
      errorCode: { code: 1 },
      resourceName: true,
    }),
    withFields("look-up values that are too long", { resourceName: "😀".repeat(5_000), errorCode: "x".repeat(5_000) }),
    withFields("an eventTime with a zone", { eventTime: at.toISOString().replace("Z", "+00:00") }),
    withFields("an eventTime finer than milliseconds", { eventTime: at.toISOString().replace("Z", "999999Z") }),
  ];
}

/** The same event again, and other events under its identity. Their order in the file matters: the first stays. */
function repeats(now: Date): HardCase[] {
  const at = new Date(now.getTime() - 3 * DAY_MS);
  const first = textOf("repeated", at);
  return [
    recorded("repeated", first),
    { name: "the same again", line: first, outcome: "present" },
    { name: "the same with a space", line: first.replace(",", ", "), outcome: "conflict" },
    { name: "the same with another value", line: textOf("repeated", at, { eventName: "Other" }), outcome: "conflict" },
    {
      name: "the same time in another writing",
      line: textOf("repeated", at, { eventTime: at.toISOString().replace("Z", "0001Z") }),
      outcome: "conflict",
    },
    { name: "the same once more", line: first, outcome: "present" },
    recorded("the same id in another region", textOf("repeated", at, { acsRegion: "cn-shanghai" })),
    recorded("the same id a millisecond later", textOf("repeated", new Date(at.getTime() + 1))),
  ];
}

function edgesOfTheWindow(now: Date): HardCase[] {
  const from = (offsetMs: number) => new Date(now.getTime() - HISTORY_MS + offsetMs);
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return [
    recorded("almost 90 days old", textOf("almost 90 days old", from(GOOD_FOR_MS + MINUTE_MS))),
    recorded("4 minutes ahead", textOf("4 minutes ahead", new Date(now.getTime() + 4 * MINUTE_MS))),
    recorded("the first instant of a day", textOf("the first instant of a day", new Date(midnight - 5 * DAY_MS))),
    recorded("the last instant of a day", textOf("the last instant of a day", new Date(midnight - 5 * DAY_MS - 1))),
    { name: "90 days old", line: textOf("90 days old", from(-1)), outcome: "outside-history" },
    {
      name: "of another century",
      line: textOf("of another century", new Date("1999-12-31T23:59:59Z")),
      outcome: "outside-history",
    },
    {
      name: "far ahead",
      line: textOf("far ahead", new Date(now.getTime() + EVENT_AHEAD_MS_MAX + GOOD_FOR_MS + MINUTE_MS)),
      outcome: "refused",
    },
  ];
}

function refusals(now: Date): HardCase[] {
  const at = new Date(now.getTime() - 4 * DAY_MS);
  const whole = textOf("refused", at);
  const lines: [name: string, line: string][] = [
    ["no eventId", textOf("refused", at, { eventId: undefined })],
    ["an empty eventId", textOf("refused", at, { eventId: "" })],
    ["an eventId that is a number", textOf("refused", at, { eventId: 1 })],
    ["an eventId of 257 characters", textOf("refused", at, { eventId: "x".repeat(257) })],
    ["an eventId with NUL", textOf("refused", at, { eventId: "a\0" })],
    ["no acsRegion", textOf("refused", at, { acsRegion: undefined })],
    ["no eventTime", textOf("refused", at, { eventTime: undefined })],
    ["an eventTime without a zone", textOf("refused", at, { eventTime: at.toISOString().slice(0, 19) })],
    ["an eventTime that is no day", textOf("refused", at, { eventTime: "2026-02-30T00:00:00Z" })],
    ["a line that breaks off", whole.slice(0, 100)],
    ["a line that breaks off behind a colon", '{"eventId":'],
    ["a value that is no JSON", whole.replace('"Read"', "Read")],
    ["a line that is no JSON at all", "2026-01-01 00:00:00 INFO started"],
    ["a body over 1 MB", textOf("refused", at, { pad: "x".repeat(EVENT_BODY_BYTES_MAX) })],
  ];
  return lines.map(([name, line]) => ({ name, line, outcome: "refused" }));
}

/** Close to what one log may hold: few fit into one request, and compression does little for some. */
function largeBodies(now: Date): HardCase[] {
  const at = new Date(now.getTime() - 6 * DAY_MS);
  const hash = createHash("sha512");
  const noise = Array.from({ length: 900_000 / 128 }, () => hash.update(".").copy().digest("hex")).join("");
  return [
    recorded("900 kB of one letter", textOf("900 kB of one letter", at, { pad: "x".repeat(900_000) })),
    recorded("900 kB of noise", textOf("900 kB of noise", at, { pad: noise })),
    recorded("900 kB of CJK text", textOf("900 kB of CJK text", at, { pad: "云".repeat(300_000) })),
    recorded("900 kB of quotes", textOf("900 kB of quotes", at, { pad: '"'.repeat(450_000) })),
  ];
}

function manyAtOneInstant(now: Date): HardCase[] {
  const at = new Date(now.getTime() - 7 * DAY_MS);
  return Array.from({ length: EVENTS_AT_ONE_INSTANT }, (_, index) =>
    recorded(`at one instant, ${index}`, textOf(`at one instant, ${index}`, at)),
  );
}
