import { expect, test } from "vitest";
import type { DeliverySliceDto } from "@/domain/history-job/schema.ts";
import { moveByKey, positionInGrid, sliceGridOf, sliceNameAt } from "./slice-grid.ts";

function slice(region: string, day: string): DeliverySliceDto {
  return {
    region,
    day,
    state: "waiting",
    failure: null,
    expected: 1,
    delivered: 0,
    newAtSink: 0,
    presentAtSink: 0,
    undeliverable: 0,
    gap: 0,
    remaining: 1,
    bytes: 0,
    batches: 0,
    resent: 0,
    deliveryTimed: 0,
    attempt: 0,
    startedAt: null,
    endedAt: null,
  };
}

test("every day of the window has a column, also without slices, and regions are sorted", () => {
  const grid = sliceGridOf(
    [slice("cn-shanghai", "2026-02-28"), slice("cn-beijing", "2026-03-02")],
    "2026-02-28T22:00:00Z",
    "2026-03-02T00:00:01Z",
  );
  expect(grid.days).toEqual(["2026-02-28", "2026-03-01", "2026-03-02"]);
  expect(grid.rows.map(({ region }) => region)).toEqual(["cn-beijing", "cn-shanghai"]);
  expect(grid.rows.map(({ cells }) => cells.map((cell) => cell?.day ?? null))).toEqual([
    [null, null, "2026-03-02"],
    ["2026-02-28", null, null],
  ]);
});

test("a window that ends at midnight does not have the day that begins there", () => {
  expect(sliceGridOf([], "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z").days).toEqual(["2026-03-01"]);
});

test("keys move inside the grid and never out of it", () => {
  const grid = sliceGridOf(
    [slice("a", "2026-03-01"), slice("b", "2026-03-01")],
    "2026-03-01T00:00:00Z",
    "2026-03-04T00:00:00Z",
  );
  expect(moveByKey("ArrowLeft", { row: 0, column: 0 }, grid)).toEqual({ row: 0, column: 0 });
  expect(moveByKey("ArrowRight", { row: 0, column: 2 }, grid)).toEqual({ row: 0, column: 2 });
  expect(moveByKey("ArrowDown", { row: 0, column: 1 }, grid)).toEqual({ row: 1, column: 1 });
  expect(moveByKey("ArrowDown", { row: 1, column: 1 }, grid)).toEqual({ row: 1, column: 1 });
  expect(moveByKey("End", { row: 1, column: 0 }, grid)).toEqual({ row: 1, column: 2 });
  expect(moveByKey("Tab", { row: 1, column: 0 }, grid)).toBeNull();
});

test("a cell that an address names is found again, and nothing else", () => {
  const grid = sliceGridOf(
    [slice("a", "2026-03-01"), slice("cn_b", "2026-03-01")],
    "2026-03-01T00:00:00Z",
    "2026-03-04T00:00:00Z",
  );
  const name = sliceNameAt({ row: 1, column: 2 }, grid);
  expect(name).toBe("cn_b_2026-03-03");
  expect(positionInGrid(name, grid)).toEqual({ row: 1, column: 2 });
  for (const unknown of [null, "", "a", "a_2026-03-09", "b_2026-03-01", "_"]) {
    expect(positionInGrid(unknown, grid)).toBeNull();
  }
});
