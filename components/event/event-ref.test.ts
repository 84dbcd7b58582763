import { describe, expect, it } from "vitest";
import { readEventRef, writeEventRef } from "./event-ref.ts";

describe("the name of an event in an address", () => {
  it.each([
    { region: "cn-hangzhou", eventTime: "2026-06-01T12:00:00.000Z", eventId: "A5A4BB74-EFBC" },
    { region: "a/b c~é", eventTime: "2026-06-01T12:00:00.001Z", eventId: "x/y/z?&#%2F 云" },
  ])("is read as it was written: %j", (ref) => {
    expect(readEventRef(writeEventRef(ref))).toEqual(ref);
  });

  it.each([
    "",
    "x",
    "2026-06-01T12:00:00Z/cn",
    "yesterday/cn/x",
    "2026-06-01T12:00:00Z/%E0/x",
    "2026-06-01T12:00:00Z/cn/a\0",
  ])("names nothing as %j", (text) => {
    expect(readEventRef(text)).toBeNull();
  });
});
