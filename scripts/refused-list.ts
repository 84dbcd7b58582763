import { closeSync, openSync, writeSync } from "node:fs";
import { CommandError } from "./command.ts";
import type { RefusedLine } from "./import-files.ts";
import { grouped } from "./progress-bar.ts";

/** As many as a person reads; the file has all of them. */
const PRINTED_MAX = 50;

/** A file may be all refused lines, so they are written as they come and not held; in blocks, because each write is a call. */
const BLOCK_LINES = 1_000;

/** The refused lines of an import: the first of them to be printed, all of them in a file when there is one. */
export class RefusedList {
  readonly #file: number | null;
  readonly #first: string[] = [];
  #block: string[] = [];
  #count = 0;

  /** @throws CommandError when the file cannot be written. */
  constructor(path: string | undefined) {
    try {
      this.#file = path === undefined ? null : openSync(path, "w");
    } catch (error) {
      throw new CommandError(`The file ${path} cannot be written: ${error instanceof Error ? error.message : error}.`);
    }
  }

  add({ file, line, reason }: RefusedLine): void {
    const text = `${file}:${line}: ${reason}`;
    this.#count++;
    if (this.#first.length < PRINTED_MAX) {
      this.#first.push(text);
    }
    if (this.#file !== null && this.#block.push(text) === BLOCK_LINES) {
      this.#writeBlock(this.#file);
    }
  }

  print(): void {
    for (const text of this.#first) {
      console.log(text);
    }
    if (this.#count > this.#first.length) {
      console.log(`… and ${grouped(this.#count - this.#first.length)} more (--refused FILE writes all)`);
    }
  }

  /** Afterwards the file is complete. */
  close(): void {
    if (this.#file !== null) {
      this.#writeBlock(this.#file);
      closeSync(this.#file);
    }
  }

  #writeBlock(file: number): void {
    writeSync(file, this.#block.map((text) => `${text}\n`).join(""));
    this.#block = [];
  }
}
