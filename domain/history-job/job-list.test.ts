import { expect, test } from "vitest";
import { jobPlaceInText, parseJobPlace } from "./job-list.ts";

test("a place in the list survives its way through an address", () => {
  const place = { expected: 1_204_331, id: 42 };
  expect(parseJobPlace(jobPlaceInText(place))).toEqual(place);
  expect(parseJobPlace("0.1")).toEqual({ expected: 0, id: 1 });
});

test.each(["", "42", "1.0", "-1.2", "1.2.3", "1e3.4", "1.99999999999", "9999999999999999.1", "a.b"])(
  "%j is no place",
  (text) => {
    expect(parseJobPlace(text)).toBeNull();
  },
);
