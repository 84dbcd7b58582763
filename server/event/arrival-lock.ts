import "server-only";
import { createHash } from "node:crypto";

/** Sets these keys apart from all other advisory locks of the database. The number means nothing. */
const ARRIVAL_LOCK_CLASS = 7_301;

/**
 * The key of an account's arrival lock, as the two int4 arguments of PostgreSQL's advisory lock functions. Recording
 * events holds it shared, creating a history job exclusively: when a job has it, every event with an arrival number is
 * committed and counted, and none can draw a number until the job is there (design 3.1, "The set"). For this to hold,
 * taking it must be a statement of its own, before any read. Two accounts may share a key; they then only wait longer.
 */
export function arrivalLockKey(accountId: string): readonly [lockClass: number, account: number] {
  return [ARRIVAL_LOCK_CLASS, createHash("sha256").update(accountId).digest().readInt32BE(0)];
}
