import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVENT_BODY_BYTES_MAX, identityOf, parseEvent } from "./event.ts";

const NOW = new Date("2026-06-01T12:00:00Z");
const LONE_SURROGATE = "\ud800";

const FIELDS = {
  eventId: "A5A4BB74-EFBC-5D8B-BD8A-1B9131429438",
  acsRegion: "cn-hangzhou",
  eventTime: "2026-05-31T12:00:00Z",
  eventRW: "Write",
  serviceName: "Ecs",
  eventName: "RunInstances",
  eventType: "ApiCall",
  userIdentity: { userName: "alice", accessKeyId: "LTAI5tExample" },
  sourceIpAddress: "192.0.2.7",
  resourceType: "ACS::ECS::Instance",
  resourceName: "i-bp1",
  sensitiveAction: "true",
  errorCode: "Forbidden.RAM",
};

function bodyWith(fields: Record<string, unknown>): string {
  return JSON.stringify({ ...FIELDS, ...fields });
}

function bodyOfBytes(bytes: number, character: string): string {
  const bytesOfCharacter = new TextEncoder().encode(character).length;
  const rest = bytes - new TextEncoder().encode(bodyWith({ pad: "" })).length;
  return bodyWith({ pad: character.repeat(Math.floor(rest / bytesOfCharacter)) + "x".repeat(rest % bytesOfCharacter) });
}

describe("parseEvent", () => {
  it.each([
    ["text that is not JSON", "{", "not a JSON object"],
    ["nothing", "", "not a JSON object"],
    ["two objects", `${bodyWith({})}${bodyWith({})}`, "not a JSON object"],
    ["a list", `[${bodyWith({})}]`, "not a JSON object"],
    ["null", "null", "not a JSON object"],
    ["a number", "7", "not a JSON object"],
    ["text that UTF-8 cannot carry", bodyWith({}).replace("alice", LONE_SURROGATE), "not valid Unicode"],
    ["no eventId", bodyWith({ eventId: undefined }), "no eventId"],
    ["an empty eventId", bodyWith({ eventId: "" }), "no eventId"],
    ["an eventId of null", bodyWith({ eventId: null }), "no eventId"],
    ["an eventId that is a number", bodyWith({ eventId: 7 }), "eventId is not text"],
    ["an eventId of 257 characters", bodyWith({ eventId: "x".repeat(257) }), "eventId is longer than 256 characters"],
    ["NUL in eventId", bodyWith({ eventId: "a\0b" }), "eventId has characters that cannot be stored"],
    [
      "half a character in eventId",
      bodyWith({ eventId: LONE_SURROGATE }),
      "eventId has characters that cannot be stored",
    ],
    ["no acsRegion", bodyWith({ acsRegion: undefined }), "no acsRegion"],
    ["an empty acsRegion", bodyWith({ acsRegion: "" }), "no acsRegion"],
    ["an acsRegion that is a list", bodyWith({ acsRegion: ["cn-hangzhou"] }), "acsRegion is not text"],
    [
      "an acsRegion of 257 characters",
      bodyWith({ acsRegion: "x".repeat(257) }),
      "acsRegion is longer than 256 characters",
    ],
    ["NUL in acsRegion", bodyWith({ acsRegion: "cn\0" }), "acsRegion has characters that cannot be stored"],
    ["no eventTime", bodyWith({ eventTime: undefined }), "no eventTime"],
    [
      "an eventTime without a zone",
      bodyWith({ eventTime: "2026-05-31T12:00:00" }),
      "eventTime is not an ISO 8601 time with its zone",
    ],
    [
      "an eventTime in milliseconds",
      bodyWith({ eventTime: 1767323045000 }),
      "eventTime is not an ISO 8601 time with its zone",
    ],
    [
      "an eventTime 15 minutes and 1 ms ahead",
      bodyWith({ eventTime: "2026-06-01T12:15:00.001Z" }),
      "eventTime is more than 15 minutes ahead",
    ],
    ["1 byte over 1 MB", bodyOfBytes(EVENT_BODY_BYTES_MAX + 1, "x"), "the event is larger than 1 MB"],
    ["1 byte over 1 MB of CJK text", bodyOfBytes(EVENT_BODY_BYTES_MAX + 1, "云"), "the event is larger than 1 MB"],
  ])("refuses %s", (_what, body, reason) => {
    expect(parseEvent(body, NOW)).toEqual({ kind: "refused", reason });
  });

  it("leaves out an event that is more than 90 days old", () => {
    expect(parseEvent(bodyWith({ eventTime: "2026-03-03T11:59:59.999Z" }), NOW)).toEqual({ kind: "outside-history" });
  });

  it("refuses an old event that has no identity, rather than leaving it out", () => {
    expect(parseEvent(bodyWith({ eventTime: "2020-01-01T00:00:00Z", eventId: "" }), NOW).kind).toBe("refused");
  });

  it.each([
    ["exactly 90 days old", bodyWith({ eventTime: "2026-03-03T12:00:00Z" })],
    ["exactly 15 minutes ahead", bodyWith({ eventTime: "2026-06-01T12:15:00Z" })],
    ["of exactly 1 MB", bodyOfBytes(EVENT_BODY_BYTES_MAX, "x")],
    ["of exactly 1 MB in CJK text", bodyOfBytes(EVENT_BODY_BYTES_MAX, "云")],
    ["with an eventId of 256 characters", bodyWith({ eventId: "x".repeat(256) })],
    ["with a deeply nested value", bodyWith({}).replace(/}$/, `,"deep":${"[".repeat(50_000)}${"]".repeat(50_000)}}`)],
  ])("takes an event %s, its body as received", (_what, body) => {
    expect(parseEvent(body, NOW)).toMatchObject({ kind: "event", event: { body } });
  });

  it("takes identity and look-up columns from the body", () => {
    const { userIdentity, acsRegion, ...same } = FIELDS;
    const body = ` ${bodyWith({})}\n`;
    expect(parseEvent(body, NOW)).toEqual({
      kind: "event",
      event: { ...same, ...userIdentity, region: acsRegion, eventTime: new Date(FIELDS.eventTime), body },
    });
  });

  it.each([
    [true, "true"],
    ["false", "false"],
    ["yes", null],
    [null, null],
    [undefined, null],
  ])("takes the mark of a sensitive event %j as %j", (sensitiveAction, expected) => {
    expect(parseEvent(bodyWith({ sensitiveAction }), NOW)).toMatchObject({ event: { sensitiveAction: expected } });
  });

  it.each([
    ["absent", { serviceName: undefined, userIdentity: undefined }],
    ["not text", { serviceName: { name: "Ecs" }, userIdentity: "alice" }],
    ["empty", { serviceName: "", userIdentity: { userName: "" } }],
    ["nothing but NUL", { serviceName: "\0", userIdentity: { userName: "\0\0" } }],
  ])("leaves a look-up column empty when the value is %s", (_what, fields) => {
    expect(parseEvent(bodyWith(fields), NOW)).toMatchObject({
      kind: "event",
      event: { serviceName: null, userName: null },
    });
  });

  it.each([
    ["NUL", "al\0ice", "alice"],
    ["half a character", `al${LONE_SURROGATE}ice`, "al\ufffdice"],
    ["more than 256 characters", "x".repeat(300), "x".repeat(256)],
    ["a character across the 256th place", `${"x".repeat(255)}😀`, "x".repeat(255)],
  ])("cleans %s from a look-up column and not from the body", (_what, userName, cleaned) => {
    const body = bodyWith({ userIdentity: { userName } });
    expect(parseEvent(body, NOW)).toMatchObject({ kind: "event", event: { userName: cleaned, body } });
  });

  it.each([undefined, null, "", "read", "ReadWrite", 1])(
    "counts an eventRW of %j as neither Read nor Write",
    (eventRW) => {
      expect(parseEvent(bodyWith({ eventRW }), NOW)).toMatchObject({ kind: "event", event: { eventRW: null } });
    },
  );

  it("never fails, and keeps whatever it takes byte for byte and storable", () => {
    const value = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.jsonValue());
    const fields = fc.record(
      { eventId: value, acsRegion: value, serviceName: value, userIdentity: fc.record({ userName: value }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fields, (some) => {
        const body = bodyWith(some);
        const parsed = parseEvent(body, NOW);
        if (parsed.kind === "event") {
          const { body: kept, eventTime: _, ...columns } = parsed.event;
          const texts = Object.values(columns).filter((column) => column !== null);
          expect(kept).toBe(body);
          expect(texts.filter((text) => text.includes("\0") || !text.isWellFormed() || text.length > 256)).toEqual([]);
        }
      }),
    );
  });
});

describe("identityOf", () => {
  it.each(["", "[]", "{}", bodyWith({ eventId: 1 }), bodyWith({ acsRegion: null }), bodyWith({ eventTime: "now" })])(
    "finds none in %s",
    (text) => {
      expect(identityOf(text)).toBeNull();
    },
  );

  it("finds one whatever the event's age, its time truncated to the millisecond", () => {
    expect(identityOf(bodyWith({ eventTime: "2001-01-01T00:00:00.0019Z", eventRW: "Write" }))).toEqual({
      region: FIELDS.acsRegion,
      eventId: FIELDS.eventId,
      eventTime: new Date("2001-01-01T00:00:00.001Z"),
      eventRW: "Write",
    });
  });

  it.each([undefined, null, "", "write", "All", 1])("takes the eventRW %j for neither Read nor Write", (eventRW) => {
    expect(identityOf(bodyWith({ eventRW }))?.eventRW).toBeNull();
  });
});
