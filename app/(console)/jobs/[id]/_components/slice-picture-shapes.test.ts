import { expect, test } from "vitest";
import { CELL_LOOKS, type CellLook, type PicturedCell, shapesOf } from "./slice-picture-shapes.ts";

function cell(look: CellLook, x: number): PicturedCell {
  return { look, x, y: 0, width: 9, height: 18, progress: 0.5 };
}

function shapeCount(path: string | undefined): number {
  return (path ?? "").split("M").length - 1;
}

test("each cell is drawn in its own look, and once", () => {
  const cells = CELL_LOOKS.flatMap((look, kind) =>
    Array.from({ length: kind + 1 }, (_, at) => cell(look, 100 * kind + 10 * at)),
  );
  const shapes = shapesOf(cells);
  expect(CELL_LOOKS.map((look) => shapeCount(shapes.get(look)?.edge))).toEqual(CELL_LOOKS.map((_, kind) => kind + 1));
  for (const { look, x } of cells) {
    expect(shapes.get(look)?.edge).toMatch(new RegExp(`M${look === "none" ? x + 0.5 : x + 1} `));
  }
});

test("no two looks differ by colour alone", () => {
  const drawn = CELL_LOOKS.map((look) => {
    const { edge, face, progress, sign } = shapesOf([cell(look, 0)]).get(look) ?? {};
    return [edge, face, progress, sign].join(" | ");
  });
  expect(new Set(drawn).size).toBe(CELL_LOOKS.length);
});

test("what is delivering is filled as far as it has come", () => {
  const widthOf = (progress: number) =>
    /h([0-9.]+)v/.exec(shapesOf([{ ...cell("delivering", 0), progress }]).get("delivering")?.progress ?? "")?.[1];
  expect([0, 0.5, 1].map(widthOf)).toEqual(["0", "3.5", "7"]);
});
