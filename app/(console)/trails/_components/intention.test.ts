import { afterEach, expect, test, vi } from "vitest";
import { CLIENT_TOKEN_PATTERN } from "@/domain/history-job/rules.ts";
import { timeWindowRequestSchema, windowRequestSchema } from "@/domain/history-job/schema.ts";
import { endIntention, findIntention, intentionKey, keepIntention, newClientToken, newIntention } from "./intention.ts";

function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
}

const KEY = intentionKey("1234567890123456", "all-regions");

afterEach(() => vi.unstubAllGlobals());

test("an intention is found again until it is ended, and only under its own trail and account", () => {
  const storage = memoryStorage();
  const intention = { ...newIntention({ kind: "default" }), reason: "after the outage", isUnanswered: true };
  keepIntention(storage, KEY, intention);
  expect(findIntention(storage, KEY, timeWindowRequestSchema)).toEqual(intention);
  expect(findIntention(storage, intentionKey("1234567890123456", "other-trail"), timeWindowRequestSchema)).toBeNull();
  expect(findIntention(storage, intentionKey("6543210987654321", "all-regions"), timeWindowRequestSchema)).toBeNull();
  endIntention(storage, KEY);
  expect(findIntention(storage, KEY, timeWindowRequestSchema)).toBeNull();
});

test("a window that the form does not know counts as nothing", () => {
  const storage = memoryStorage();
  const intention = newIntention({ kind: "missing-of", jobId: 42 });
  keepIntention(storage, KEY, intention);
  expect(findIntention(storage, KEY, timeWindowRequestSchema)).toBeNull();
  expect(findIntention(storage, KEY, windowRequestSchema)).toEqual(intention);
});

test.each(["not JSON", "null", "{}", '{"clientToken":1}'])("%s in the storage counts as nothing", (text) => {
  const storage = memoryStorage();
  storage.setItem(KEY, text);
  expect(findIntention(storage, KEY, timeWindowRequestSchema)).toBeNull();
});

test("tokens differ and are such as requests may carry, also without a secure context", () => {
  const inSecureContext = newClientToken();
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const tokens = [inSecureContext, newClientToken(), newClientToken()];
  expect(new Set(tokens).size).toBe(3);
  for (const token of tokens) {
    expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(token).toMatch(CLIENT_TOKEN_PATTERN);
  }
});
