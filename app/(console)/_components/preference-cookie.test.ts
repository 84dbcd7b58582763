import { expect, it } from "vitest";
import { preferenceCookie } from "./preference-cookie.ts";

it("keeps what was chosen over TLS to TLS", () => {
  expect(preferenceCookie("theme", "dark", "https:")).toMatch(
    /^theme=dark; path=\/; max-age=\d+; samesite=lax; secure$/,
  );
});

it("keeps what was chosen without TLS, where a Secure cookie would be lost", () => {
  expect(preferenceCookie("theme", "dark", "http:")).toMatch(/^theme=dark; path=\/; max-age=\d+; samesite=lax$/);
});
