import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canBePaired,
  LOOKUP_DIRECTIONS,
  LOOKUP_KEYS,
  partsInOrder,
  resolveLookupWindow,
  VENDOR_LOOKUP,
  vendorConditions,
} from "./lookup.ts";

const NOW = new Date("2026-06-01T12:00:00Z");
const DAY_MS = 86_400_000;

describe("vendorConditions", () => {
  const attribute = (key: string, value = "x") => ({ key, value });

  it.each([
    ["a key that is none", [attribute("Region")]],
    ["a key in another case", [attribute("serviceName")]],
    ["an empty value", [attribute("User", "")]],
    ["two keys that are no pair", [attribute("User"), attribute("EventName")]],
    ["a second key that is none", [attribute("User"), attribute("PrincipalId")]],
  ])("refuses %s", (_what, attributes) => {
    expect(vendorConditions(attributes)).toBeNull();
  });

  it("takes none", () => {
    expect(vendorConditions([])).toEqual([]);
  });

  it.each(LOOKUP_KEYS)("takes %s alone", (key) => {
    expect(vendorConditions([attribute(key)])).toEqual([{ key, value: "x" }]);
  });

  it("takes a pair, in either order", () => {
    const [name, service] = [attribute("EventName"), attribute("ServiceName")];
    expect(vendorConditions([name, service])).toEqual([name, service]);
    expect(vendorConditions([service, name])).toEqual([service, name]);
  });

  it("takes the second of two with the same key, and nothing after the first two", () => {
    expect(vendorConditions([attribute("User", "a"), attribute("User", "b")])).toEqual([attribute("User", "b")]);
    const three = [attribute("ServiceName"), attribute("User"), attribute("no key at all")];
    expect(vendorConditions(three)).toEqual(three.slice(0, 2));
  });

  it("has the vendor's twelve pairs", () => {
    const pairs = LOOKUP_KEYS.flatMap((one, index) =>
      LOOKUP_KEYS.slice(index + 1)
        .filter((other) => canBePaired(one, other))
        .map((other) => [one, other].sort().join("+")),
    );
    expect(pairs.sort()).toEqual(
      [
        "EventName+ServiceName",
        "ServiceName+User",
        "RoleName+ServiceName",
        "ResourceName+ServiceName",
        "EventRW+ServiceName",
        "SensitiveAction+ServiceName",
        "EventType+ServiceName",
        "ResourceName+ResourceType",
        "EventName+ResourceName",
        "ResourceName+User",
        "ResourceName+RoleName",
        "EventName+EventType",
      ].sort(),
    );
  });
});

describe("resolveLookupWindow", () => {
  const days = (count: number) => new Date(NOW.getTime() - count * DAY_MS).toISOString();

  it.each([
    ["only its start", days(1), null, "one-end"],
    ["only its end", null, days(1), "one-end"],
    ["a start that is no time", "yesterday", days(1), "from-not-a-time"],
    ["a start without zone", "2026-05-30T00:00:00", days(1), "from-not-a-time"],
    ["an end on 30 February", days(9), "2026-02-30T00:00:00Z", "to-not-a-time"],
    ["an end before its start", days(1), days(2), "ends-before-it-begins"],
    ["an end at its start", days(1), days(1), "ends-before-it-begins"],
    ["a start in the future", new Date(NOW.getTime() + 1).toISOString(), "2027-01-01T00:00:00Z", "ahead"],
    ["a start long before history", new Date(Date.parse(days(90)) - 300_001).toISOString(), days(80), "out-of-history"],
    ["more than 30 days", new Date(Date.parse(days(31)) - 1).toISOString(), days(1), "over"],
  ])("refuses a window with %s", (_what, from, to, why) => {
    expect(resolveLookupWindow({ from, to }, NOW, VENDOR_LOOKUP)).toEqual({ kind: "refuse", why });
  });

  const windowOf = ({ from, to }: { from: string; to: string }) => ({
    kind: "window",
    from: new Date(from),
    to: new Date(to),
  });

  it("takes 30 days, and history's first moment", () => {
    const given = { from: days(90), to: days(60) };
    expect(resolveLookupWindow(given, NOW, VENDOR_LOOKUP)).toEqual(windowOf(given));
  });

  it("takes a start that has been 90 days ago when the call was on its way, and leaves it as it is", () => {
    const given = { from: new Date(Date.parse(days(90)) - 300_000).toISOString(), to: days(80) };
    expect(resolveLookupWindow(given, NOW, VENDOR_LOOKUP)).toEqual(windowOf(given));
  });

  it("takes the window of the page before, whatever has become of it by the clock since", () => {
    const given = { from: days(91), to: days(70) };
    expect(resolveLookupWindow(given, NOW, VENDOR_LOOKUP)).toEqual({ kind: "refuse", why: "out-of-history" });
    expect(resolveLookupWindow(given, NOW, VENDOR_LOOKUP, true)).toEqual(windowOf(given));
  });

  it.each([
    ["that ends before it begins", days(1), days(2), "ends-before-it-begins"],
    ["of more than 30 days", days(40), days(1), "over"],
    ["with a start that is no time", "yesterday", days(1), "from-not-a-time"],
  ])("takes no window %s for that of the page before", (_what, from, to, why) => {
    expect(resolveLookupWindow({ from, to }, NOW, VENDOR_LOOKUP, true)).toEqual({ kind: "refuse", why });
  });

  it("reaches the vendor's 7 days back when nothing is said", () => {
    const given = { from: null, to: null };
    expect(resolveLookupWindow(given, NOW, VENDOR_LOOKUP)).toEqual({
      kind: "window",
      from: new Date(days(7)),
      to: NOW,
    });
  });
});

describe("partsInOrder", () => {
  const end = fc.integer({ min: 0, max: 100 * DAY_MS }).map((ms) => new Date(ms));
  const oneKey = { conditions: [{ key: "User" as const, value: "ada" }], region: null };

  it.each(LOOKUP_DIRECTIONS)("cuts any window into parts that join, in the order of %s", (direction) => {
    fc.assert(
      fc.property(end, end, fc.constantFrom(null, "cn-hangzhou"), (one, two, region) => {
        const [from, to] = one <= two ? [one, two] : [two, one];
        const parts = partsInOrder({ ...oneKey, region, from, to }, direction);
        const byTime = direction === "FORWARD" ? parts : parts.toReversed();
        expect(parts.every((part) => part.from < part.to)).toBe(true);
        if (from < to) {
          expect([byTime.at(0)?.from, byTime.at(-1)?.to]).toEqual([from, to]);
        }
        expect(byTime.slice(1).map((part) => part.from)).toEqual(byTime.slice(0, -1).map((part) => part.to));
      }),
    );
  });

  it("reads by one key in three parts at most, and by several a day at a time", () => {
    const window = { from: new Date(0), to: new Date(90 * DAY_MS) };
    expect(partsInOrder({ ...oneKey, ...window }, "BACKWARD")).toHaveLength(3);
    const bySeveral = partsInOrder({ ...oneKey, region: "cn-hangzhou", ...window }, "BACKWARD");
    expect(bySeveral).toHaveLength(90);
    expect(bySeveral.every(({ from, to }) => to.getTime() - from.getTime() === DAY_MS)).toBe(true);
  });
});
