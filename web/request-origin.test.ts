import { describe, expect, it } from "vitest";
import { foreignnessOf } from "./request-origin.ts";

const host = "console.example:3000";

describe("a request that changes something", () => {
  it.each([
    ["http://console.example:3000", null],
    ["https://console.example:3000", null],
    ["http://console.example", "ForeignOrigin"],
    ["http://console.example:3001", "ForeignOrigin"],
    ["http://evil.example", "ForeignOrigin"],
    ["http://console.example:3000.evil.example", "ForeignOrigin"],
    ["null", "ForeignOrigin"],
    ["", "ForeignOrigin"],
    [undefined, "MissingOrigin"],
  ])("from %s is answered: %s", (origin, expected) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "TRACE"]) {
      expect(foreignnessOf(method, { host, origin }, false)).toBe(expected);
    }
  });

  it("from the same name without TLS is foreign to a console with TLS", () => {
    expect(foreignnessOf("POST", { host, origin: `http://${host}` }, true)).toBe("ForeignOrigin");
    expect(foreignnessOf("POST", { host, origin: `https://${host}` }, true)).toBeNull();
  });
});

describe("a request that reads", () => {
  it.each([
    ["typed", {}, null],
    ["followed from another site", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, null],
    ["of our own page", { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }, null],
    ["of a browser's own", { "sec-fetch-site": "none", "sec-fetch-mode": "no-cors" }, null],
    ["of another site's picture", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, "ForeignOrigin"],
    ["of a neighbour's script", { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" }, "ForeignOrigin"],
    ["of another site's fetch", { origin: "http://evil.example" }, "ForeignOrigin"],
  ])("%s: %j is %s", (_, headers, expected) => {
    expect(foreignnessOf("GET", { host, ...headers }, false)).toBe(expected);
  });
});
