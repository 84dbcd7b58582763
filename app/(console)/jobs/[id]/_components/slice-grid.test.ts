import { expect, test } from "vitest";
import type { DeliverySliceDto, SliceVerificationDto } from "@/domain/history-job/schema.ts";
import { findingsBySlice } from "./slice-findings.ts";
import { cellRowsOf, moveByKey, pictureOf, positionInGrid, sliceGridOf, sliceNameAt } from "./slice-grid.ts";

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

const TWO_DAYS = ["2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z"] as const;

test("a delivered slice whose logstore holds something else looks failed, and no other does", () => {
  const complete = { state: "complete", delivered: 1, remaining: 0 } as const;
  const slices = [
    { ...slice("a", "2026-03-01"), ...complete },
    { ...slice("a", "2026-03-02"), ...complete },
    { ...slice("b", "2026-03-01"), state: "incomplete" as const },
  ];
  const lost: Omit<SliceVerificationDto, "region" | "day"> = {
    method: "identity",
    inHistory: 1,
    inSink: 0,
    missing: 1,
    conflicts: 0,
    checksumHere: "00",
    checksumThere: "00",
  };
  const findings = findingsBySlice([
    { region: "a", day: "2026-03-02", ...lost },
    { region: "b", day: "2026-03-01", ...lost },
    { region: "b", day: "2026-03-02", ...lost },
  ]);
  const rows = cellRowsOf(sliceGridOf(slices, ...TWO_DAYS), findings);
  expect(rows.map(({ cells }) => cells.map(({ isOff }) => isOff))).toEqual([
    [false, true],
    [false, false],
  ]);
  expect(pictureOf(rows, 100).map(({ look }) => look)).toEqual(["complete", "failed", "incomplete", "none"]);
});

test("cells of a picture fill its width from end to end, on whole pixels, with one pixel between two", () => {
  const days = Array.from({ length: 91 }, (_, offset) => new Date(Date.UTC(2026, 0, 1 + offset)).toISOString());
  const slices = days.map((day) => slice("a", day.slice(0, 10)));
  const rows = cellRowsOf(sliceGridOf(slices, days[0] ?? "", "2026-04-02T00:00:00Z"), new Map());
  for (const width of [909, 1_000, 1_033, 1_127]) {
    const cells = pictureOf(rows, width);
    expect(cells).toHaveLength(91);
    expect([cells[0]?.x, (cells.at(-1)?.x ?? 0) + (cells.at(-1)?.width ?? 0)]).toEqual([0, width]);
    for (const [at, { x, width: across }] of cells.entries()) {
      expect([x, across].every(Number.isInteger)).toBe(true);
      expect(cells[at + 1]?.x ?? x + across + 1).toBe(x + across + 1);
    }
  }
});
