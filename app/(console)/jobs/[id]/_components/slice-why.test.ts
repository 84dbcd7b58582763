import { expect, test } from "vitest";
import { whyOfSlice } from "./slice-why.ts";

const WHOLE = { state: "incomplete", failure: null, undeliverable: 0, gap: 0, remaining: 0 } as const;

test.each([
  [{ ...WHOLE, undeliverable: 31 }, "The log service refused 31 events"],
  [{ ...WHOLE, undeliverable: 1, gap: 2 }, "The log service refused 1 event; 2 events were no longer in history"],
  [
    { ...WHOLE, state: "failed", failure: { code: "PostBodyInvalid", message: "key is not valid" }, remaining: 5 },
    "Key is not valid · 5 events were not sent",
  ],
] as const)("%j: %s", (slice, why) => {
  expect(whyOfSlice(slice)).toBe(why);
});
