import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { pool } from "@/server/db.ts";
import { addPerson, createSession } from "@/testing/console-session.ts";
import { createBuiltInAccount } from "@/testing/history-account.ts";
import { Pollers } from "./pollers.ts";

afterEach(() => vi.restoreAllMocks());

/** The token of a new session of somebody with this role in an account of their own. */
async function signIn(role: "viewer" | "operator"): Promise<{ token: string; accountId: string }> {
  const account = await createBuiltInAccount();
  const cookies = await createSession(await addPerson(account, role));
  const cookie = cookies.find(({ name }) => name.endsWith("session_token"))?.value ?? "";
  return { token: decodeURIComponent(cookie).split(".")[0] ?? "", accountId: account.accountId };
}

describe("who polls", () => {
  it("is found for each of those who come together, with one statement for all", async () => {
    const [viewer, operator] = [await signIn("viewer"), await signIn("operator")];
    const pollers = new Pollers();
    const asked = vi.spyOn(pool(), "query");
    const found = await Promise.all([
      pollers.find({ token: viewer.token, accountId: null }),
      pollers.find({ token: "none", accountId: viewer.accountId }),
      pollers.find({ token: operator.token, accountId: viewer.accountId }),
      pollers.find({ token: viewer.token, accountId: viewer.accountId }),
    ]);
    const asViewer = { accountId: viewer.accountId, role: "viewer" };
    expect(found).toEqual([asViewer, null, { accountId: operator.accountId, role: "operator" }, asViewer]);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("is looked up at once when it is one alone, and ten times a second at most when it is many", async () => {
    const question = { token: "none", accountId: null };
    const pollers = new Pollers();
    const asked = vi.spyOn(pool(), "query");
    const first = pollers.find(question);
    await setTimeout(50);
    expect(asked).toHaveBeenCalledTimes(1);
    await first;
    const begunAt = performance.now();
    const found = [];
    for (let index = 0; index < 40; index++) {
      found.push(pollers.find(question));
      await setTimeout(10);
    }
    expect(await Promise.all(found)).toEqual(Array(40).fill(null));
    // With room for a timer that is a moment early.
    expect(asked.mock.calls.length - 1).toBeLessThanOrEqual(1 + (performance.now() - begunAt) / 95);
  });

  it("is told to nobody while the database cannot be asked, and to those who come after", async () => {
    const { token, accountId } = await signIn("viewer");
    const pollers = new Pollers();
    vi.spyOn(pool(), "query").mockRejectedValueOnce(new Error("gone") as never);
    const [one, other] = [pollers.find({ token, accountId }), pollers.find({ token, accountId: null })];
    await expect(one).rejects.toThrow("gone");
    await expect(other).rejects.toThrow("gone");
    expect(await pollers.find({ token, accountId })).toEqual({ accountId, role: "viewer" });
  });
});
