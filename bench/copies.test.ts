import { describe, expect, it } from "vitest";
import { copyOut } from "@/server/copy-out.ts";
import { pool } from "@/server/db.ts";
import { valueOfRow } from "./copied-text.ts";
import { copyIn } from "./copy-in.ts";
import { asOwner } from "./owner.ts";

async function* inPieces(bytes: Buffer, length: number) {
  for (let at = 0; at < bytes.length; at += length) {
    yield bytes.subarray(at, at + length);
  }
}

describe("a row that COPY has written as text", () => {
  it.each([
    ["plain", '{"name":"plain"}'],
    ["escaped by JSON", JSON.stringify({ text: '"quoted", C:\\temp, \n\t' })],
    ["with what COPY escapes", "\\ \b \f \n \r \t \v \\n \\\\"],
    ["beyond ASCII", "生产环境 🚀 ÿ\\ü"],
  ])("has the value that is stored: %s", async (_kind, value) => {
    const { rows } = await pool().query<{ literal: string }>("SELECT quote_literal($1::text) AS literal", [value]);
    const copied: string[] = [];
    await copyOut(pool(), `COPY (SELECT ${rows[0]?.literal}) TO STDOUT`, (row) =>
      copied.push(valueOfRow(row).toString()),
    );
    expect(copied).toEqual([value]);
  });
});

describe("copyIn", () => {
  it("brings in every row, wherever the pieces are cut", async () => {
    const bytes = Buffer.from("1\tone\n2\ttwo\n3\tdrei\n");
    const found = await asOwner(async (owner) => {
      await owner.query("CREATE TEMP TABLE copied (id int, name text)");
      await copyIn(owner, "COPY copied FROM STDIN", inPieces(bytes, 5));
      return (await owner.query("SELECT name FROM copied ORDER BY id")).rows;
    });
    expect(found).toEqual([{ name: "one" }, { name: "two" }, { name: "drei" }]);
  });

  it("rejects with the server's word on a row that it does not take, and with what the pieces' source throws", async () => {
    await asOwner(async (owner) => {
      await owner.query("CREATE TEMP TABLE copied (id int)");
      await expect(copyIn(owner, "COPY copied FROM STDIN", inPieces(Buffer.from("x\n"), 1))).rejects.toThrow("integer");
      const broken = (async function* () {
        yield Buffer.from("1\n");
        throw new Error("the file is gone");
      })();
      await expect(copyIn(owner, "COPY copied FROM STDIN", broken)).rejects.toThrow("the file is gone");
      expect((await owner.query("SELECT FROM copied")).rowCount).toBe(0);
    });
  });
});
