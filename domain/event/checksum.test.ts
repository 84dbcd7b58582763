import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Checksum } from "./checksum.ts";

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

describe("Checksum", () => {
  it("is the sum of the digests modulo 2^256, in any order, resumed anywhere", () => {
    fc.assert(
      fc.property(fc.array(digest, { maxLength: 50 }), fc.nat(50), (digests, cut) => {
        const first = new Checksum();
        digests.slice(0, cut).forEach((bytes) => {
          first.add(bytes);
        });
        const resumed = new Checksum(first.toBytes());
        digests
          .slice(cut)
          .reverse()
          .forEach((bytes) => {
            resumed.add(bytes);
          });
        const sum = digests.reduce((total, bytes) => total + toBigInt(bytes), 0n) % 2n ** 256n;
        expect(toBigInt(resumed.toBytes())).toBe(sum);
      }),
    );
  });

  it("carries exactly over more digests than a float could sum", () => {
    const checksum = new Checksum();
    const ones = new Uint8Array(32).fill(0xff);
    for (let index = 0; index < 1_000_003; index++) {
      checksum.add(ones);
    }
    expect(toBigInt(checksum.toBytes())).toBe(((2n ** 256n - 1n) * 1_000_003n) % 2n ** 256n);
  });

  it("refuses a digest of another length", () => {
    expect(() => new Checksum().add(new Uint8Array(31))).toThrow(RangeError);
  });
});
