import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { Checksum } from "@/domain/event/checksum.ts";
import { decodeWithProtobufjs } from "@/testing/log-proto.ts";
import { decompressWithLz4js } from "@/testing/lz4-block.ts";

/** What a spool holds. */
export type SpoolSummary = {
  readonly logs: number;
  readonly requests: number;
  /** Sum of the bodies' digests modulo 2^256, hexadecimal. */
  readonly checksum: string;
  readonly rawBytes: number;
  /** As they were on the wire. */
  readonly compressedBytes: number;
};

/** Reads a spool with other code than the product's: another LZ4, another protobuf. */
export async function readSpool(file: string): Promise<SpoolSummary> {
  const handle = await open(file);
  const checksum = new Checksum();
  const summary = { logs: 0, requests: 0, rawBytes: 0, compressedBytes: 0 };
  const sizes = Buffer.alloc(8);
  try {
    while ((await handle.read(sizes, 0, sizes.length)).bytesRead === sizes.length) {
      const sent = Buffer.alloc(sizes.readUInt32LE(0));
      const rawSize = sizes.readUInt32LE(4);
      await handle.read(sent, 0, sent.length);
      const logGroup = rawSize === 0 ? sent : decompressWithLz4js(sent, rawSize);
      for (const log of decodeWithProtobufjs(logGroup).Logs) {
        const [content] = log.Contents;
        checksum.add(
          createHash("sha256")
            .update(content?.Value ?? "")
            .digest(),
        );
        summary.logs++;
      }
      summary.requests++;
      summary.rawBytes += logGroup.length;
      summary.compressedBytes += sent.length;
    }
  } finally {
    await handle.close();
  }
  return { ...summary, checksum: Buffer.from(checksum.toBytes()).toString("hex") };
}
