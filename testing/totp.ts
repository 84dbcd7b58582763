import { createHmac } from "node:crypto";

const STEP_S = 30;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * What an authenticator app shows for the address of its QR code, so many steps of 30 s from now. Written against the RFC, not with the
 * library that checks it. Source: RFC 6238, RFC 4226 5.3.
 */
export function codeOf(totpUri: string, steps = 0, nowMs = Date.now()): string {
  const secret = new URL(totpUri).searchParams.get("secret") ?? "";
  const bits = [...secret].map((sign) => BASE32.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / 1_000 / STEP_S) + steps));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}
