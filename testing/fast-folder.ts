import { existsSync, mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the tests' databases may take at a time; containers often allow far less, and a full disk fails every test. */
const TEST_DATA_BYTES_MAX = 4 * 1024 ** 3;

/**
 * Makes a folder for data that nobody keeps, in memory where there is room: making or copying a database is making some
 * thousand files, thirty times as fast there as on a disk. The caller removes it.
 */
export function makeFastFolder(prefix: string): string {
  return mkdtempSync(join(hasRoom("/dev/shm") ? "/dev/shm" : tmpdir(), prefix));
}

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) {
    return false;
  }
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > TEST_DATA_BYTES_MAX;
}
