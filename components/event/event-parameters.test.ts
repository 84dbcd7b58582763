import { describe, expect, it } from "vitest";
import { loadEventFilters, lookupOf, writeEventFilters } from "./event-parameters.ts";

const NOW = new Date("2026-06-01T12:00:00Z");

function lookupAt(query: string) {
  return lookupOf(loadEventFilters(new URLSearchParams(query)), NOW);
}

describe("lookupOf", () => {
  it("is everything of the last 7 days, newest first, when the address says nothing", () => {
    expect(lookupAt("")).toEqual({
      lookup: { conditions: [], region: null, from: new Date("2026-05-25T12:00:00Z"), to: NOW },
      direction: "BACKWARD",
    });
  });

  it("takes the vendor's keys by name, a region, Read or Write, and the order", () => {
    expect(lookupAt("User=alice&ServiceName=Ecs&EventRW=Write&region=cn-hangzhou&order=oldest&last=1h")).toEqual({
      lookup: {
        conditions: [
          { key: "ServiceName", value: "Ecs" },
          { key: "User", value: "alice" },
          { key: "EventRW", value: "Write" },
        ],
        region: "cn-hangzhou",
        from: new Date("2026-06-01T11:00:00Z"),
        to: NOW,
      },
      direction: "FORWARD",
    });
  });

  it.each([
    ["from=2026-05-30T00:00&to=2026-05-31T00:00", "2026-05-30T00:00:00Z", "2026-05-31T00:00:00Z"],
    ["from=2026-05-30T00:00&last=1h", "2026-05-30T00:00:00Z", "2026-06-01T12:00:00Z"],
    ["to=2026-05-31T00:00:05", "2026-03-03T12:00:00Z", "2026-05-31T00:00:05Z"],
    ["from=2020-01-01T00:00&to=2026-05-31T00:00", "2026-03-03T12:00:00Z", "2026-05-31T00:00:00Z"],
    ["from=nonsense", "2026-05-25T12:00:00Z", "2026-06-01T12:00:00Z"],
  ])("reads the window of %s, as far as history has it", (query, from, to) => {
    expect(lookupAt(query)).toMatchObject({ lookup: { from: new Date(from), to: new Date(to) } });
  });

  it.each([
    "from=2026-05-31T00:00&to=2026-05-30T00:00",
    "from=2026-05-31T00:00&to=2026-05-31T00:00",
    "from=2026-06-02T00:00",
    "to=2020-01-01T00:00",
  ])("refuses the window of %s", (query) => {
    expect(lookupAt(query)).toBe("reversed");
  });
});

it("writes the same filters in the same way, whatever the order of the address", () => {
  const one = loadEventFilters(new URLSearchParams("User=a&region=r"));
  const other = loadEventFilters(new URLSearchParams("region=r&last=7d&User=a"));
  expect(writeEventFilters(one)).toBe(writeEventFilters(other));
});
