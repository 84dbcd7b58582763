import { randomBytes } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { type AuthRefusal, postToAuth } from "@/components/access/auth-request.ts";
import { AuthClient } from "@/testing/auth-client.ts";

// What forms say of input of the wrong shape is read from the sentence in which better-auth names the field; a version with other words is to
// be noticed here.

const TOKEN = randomBytes(32).toString("base64url");

afterEach(() => vi.unstubAllGlobals());

test.each<[string, object, AuthRefusal]>([
  ["/people/request-password-reset", { email: "nobody" }, "no-address"],
  ["/people/reset-password", { token: TOKEN, password: "short" }, "password-length"],
  ["/people/accept-invitation", { token: TOKEN, name: "N", password: "short" }, "password-length"],
  ["/sign-in/email", { email: "nobody", password: "correct horse battery" }, "no-address"],
])("%s names the field that is wrong in %j", async (path, input, refusal) => {
  const browser = new AuthClient();
  const answered = vi.fn((at: string, { body }: { body: string }) =>
    browser.post(at.replace("/api/auth", ""), JSON.parse(body)),
  );
  vi.stubGlobal("fetch", answered);
  expect(await postToAuth(path, input)).toEqual({ ok: false, refusal });
  expect((await answered.mock.results[0]?.value)?.status).toBe(400);
});
