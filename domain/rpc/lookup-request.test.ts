import { describe, expect, it } from "vitest";
import { lookupEventsRequest } from "./event-requests.ts";
import { vendorLookup } from "./lookup-request.ts";
import { refusalOf } from "./parameters.ts";

const NOW = new Date("2026-06-01T12:00:00.400Z");
/** To the second 90 days before: what a client that asks for all of history sends. */
const ASKED = { StartTime: "2026-03-03T12:00:00Z", EndTime: "2026-03-20T00:00:00Z" };
const minutesLater = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

describe("a look-up of history's oldest events", () => {
  it("is taken though its first second has just left history", () => {
    const { lookup } = vendorLookup(lookupEventsRequest.parse(ASKED), null, NOW);
    expect(lookup.from).toEqual(new Date(ASKED.StartTime));
  });

  it("is refused for a start long out of history, but goes on to its next page", () => {
    const first = lookupEventsRequest.parse(ASKED);
    const next = lookupEventsRequest.parse({ ...ASKED, NextToken: "digest.cursor" });
    expect(() => vendorLookup(first, null, minutesLater(10))).toThrow(
      expect.objectContaining({ code: "InvalidParameterStartTimeOutOfDate" }),
    );
    expect(vendorLookup(next, null, minutesLater(10)).lookup.from).toEqual(new Date(ASKED.StartTime));
  });
});

describe("a NextToken", () => {
  it("may be as long as any that is given out", () => {
    expect(lookupEventsRequest.safeParse({ NextToken: "x".repeat(4_262) }).success).toBe(true);
  });

  it("that is longer is none", () => {
    const { error } = lookupEventsRequest.safeParse({ NextToken: "x".repeat(4_301) });
    expect(error && refusalOf(error)).toMatchObject({ code: "InvalidNextToken", facts: { parameter: "NextToken" } });
  });
});
