import { beforeEach, describe, expect, it, vi } from "vitest";
import { type AccountScope, mintAccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";

const requireScope = vi.hoisted(() => vi.fn<(action: string) => Promise<AccountScope>>());
vi.mock("./session.ts", () => ({ requireScope, SessionEndedError: class extends Error {} }));

vi.mock("next/headers", () => ({ cookies: async () => new Map(), headers: async () => new Headers() }));

const { answerDownload } = await import("./download.ts");

const READ = "actiontrail:GetDeliveryHistoryJob";

beforeEach(() => {
  const actor = { type: "user", id: "1", name: "ops", from: null } as const;
  requireScope.mockImplementation(async () => mintAccountScope("1234567890123456", actor, READ));
});

function answer(text: string | AsyncIterable<string>) {
  return answerDownload(READ, async () => ({ fileName: "report.csv", type: "text/csv; charset=utf-8", text }));
}

describe("a download", () => {
  it("is a file to save, never kept by anybody on the way", async () => {
    const response = await answer("a,b\r\n");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="report.csv"');
    expect(response.headers.get("cache-control")).toBe("no-store, private");
    expect(await response.text()).toBe("a,b\r\n");
    expect(requireScope).toHaveBeenCalledWith(READ);
  });

  it("reads its pieces no faster than the client takes them, and stops when the client leaves", async () => {
    let read = 0;
    let isOver = false;
    const pieces = async function* () {
      try {
        for (; read < 1_000; read++) {
          yield "事".repeat(1_000);
        }
      } finally {
        isOver = true;
      }
    };
    const response = await answer(pieces());
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.read();
    expect(read).toBeLessThan(5);
    await reader?.cancel();
    expect(isOver).toBe(true);
  });

  it("that fails on its way is broken off, so that nobody takes a part for the whole", async () => {
    const pieces = async function* () {
      yield "first";
      throw new Error("the database is gone");
    };
    await expect((await answer(pieces())).text()).rejects.toThrow("the database is gone");
  });

  it("that is refused is answered like any refusal", async () => {
    requireScope.mockRejectedValueOnce(new DomainError("NoPermission"));
    const refused = await answer("secret");
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { error: expect.objectContaining({ code: "NoPermission" }) },
    ]);
    const unknown = await answerDownload(READ, () => Promise.reject(new DomainError("DeliveryHistoryJobNotFound")));
    expect(unknown.status).toBe(404);
  });
});
