import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressWithLz4js, decompressWithLz4js } from "@/testing/lz4-block.ts";
import { compressLz4, decodeBody } from "./compression.ts";

const TEN_MB = 10 * 1024 * 1024;

/** Bytes that repeat, as logs do, and bytes that do not. */
const raw = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 400 }))
    .map(([unit, times]) => new Uint8Array(Buffer.concat(Array(times).fill(unit)))),
);

function lz4(rawSize: number | string) {
  return { compressType: "lz4", rawSize: String(rawSize) };
}

describe("decodeBody", () => {
  it.each([
    ["an encoding it does not know", Buffer.from("x"), { compressType: "gzip", rawSize: "1" }, "InvalidCompressType"],
    ["no raw size", Buffer.from("x"), { compressType: "lz4", rawSize: undefined }, "MissingBodyRawSize"],
    ["an empty raw size", Buffer.from("x"), lz4(""), "InvalidBodyRawSize"],
    ["a negative raw size", Buffer.from("x"), lz4(-1), "InvalidBodyRawSize"],
    ["a raw size in words", Buffer.from("x"), lz4("1e3"), "InvalidBodyRawSize"],
    ["a raw size above 10 MB", Buffer.from("x"), lz4(TEN_MB + 1), "PostBodyTooLarge"],
    ["a raw size above 4 GB", Buffer.from("x"), lz4(2 ** 32 + 1), "PostBodyTooLarge"],
    [
      "more than 10 MB uncompressed",
      Buffer.alloc(TEN_MB + 1),
      { compressType: undefined, rawSize: undefined },
      "PostBodyTooLarge",
    ],
    ["a body that is no block", Buffer.from("not lz4 at all"), lz4(14), "PostBodyUncompressError"],
    ["an empty body", Buffer.alloc(0), lz4(4), "PostBodyUncompressError"],
  ])("refuses %s", async (_, body, encoding, code) => {
    await expect(decodeBody(body, encoding)).rejects.toMatchObject({ name: "LogServiceError", code });
  });

  it.each([-1, 1])("refuses a block whose size differs from the declared one by %i", async (difference) => {
    const block = await compressLz4(Buffer.alloc(5_000, "log"));
    await expect(decodeBody(block, lz4(5_000 + difference))).rejects.toMatchObject({ code: "PostBodyUncompressError" });
  });

  it("refuses a block that is cut off or damaged, or reads it as some bytes of the declared size", async () => {
    await fc.assert(
      fc.asyncProperty(raw, fc.nat(), fc.nat(255), async (bytes, at, byte) => {
        const block = Buffer.from(await compressLz4(bytes));
        block[at % block.length] = byte;
        for (const damaged of [block, block.subarray(0, at % block.length)]) {
          const outcome = await decodeBody(damaged, lz4(bytes.length)).catch((error: { code: string }) => error.code);
          expect(typeof outcome === "string" ? outcome : outcome.length).toBeOneOf([
            "PostBodyUncompressError",
            bytes.length,
          ]);
        }
      }),
    );
  });

  it("reads blocks of another implementation", async () => {
    await fc.assert(
      fc.asyncProperty(raw, async (bytes) => {
        const body = await decodeBody(compressWithLz4js(bytes), lz4(bytes.length));
        expect(Buffer.compare(body, bytes)).toBe(0);
      }),
    );
  });

  it("reads 10 MB, that much and no more", async () => {
    const bytes = Buffer.concat([randomBytes(1_000_000), Buffer.alloc(TEN_MB - 1_000_000, "event")]);
    expect(Buffer.compare(await decodeBody(await compressLz4(bytes), lz4(TEN_MB)), bytes)).toBe(0);
  });

  it("takes a body that is not compressed as it is", async () => {
    const body = randomBytes(100);
    expect(await decodeBody(body, { compressType: undefined, rawSize: "100" })).toBe(body);
  });
});

describe("compressLz4", () => {
  it("writes blocks that another implementation reads", async () => {
    await fc.assert(
      fc.asyncProperty(raw, async (bytes) => {
        const block = await compressLz4(bytes);
        expect(Buffer.compare(decompressWithLz4js(block, bytes.length), bytes)).toBe(0);
      }),
    );
  });
});
