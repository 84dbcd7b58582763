import { createReadStream } from "node:fs";
import type { AccountScope } from "@/domain/access/scope.ts";
import { parseEvent } from "@/domain/event/event.ts";
import { recordEvents } from "@/server/event/commands.ts";
import { readEvents } from "@/server/event/event-reader.ts";
import type { ImportCounts } from "@/server/event/imports.ts";
import { EventLanes } from "./event-lanes.ts";

/** Something in a file that is not an event, or one that history refuses. */
export type RefusedLine = { readonly file: string; readonly line: number; readonly reason: string };

const PIECE_BYTES = 256 * 1024;

/** An import of files into an account's history; its fields say at any time how far it is. */
export class FileImport {
  /** Of the files, as they are on disk. */
  bytesRead = 0;
  /** The file that is being read. */
  file = "";
  readonly #lanes: EventLanes;
  readonly #now: Date;
  readonly #onRefused: (refused: RefusedLine) => void;
  #outsideHistory = 0;
  #refused = 0;

  /** `now` decides which events are inside the 90 days; refused lines are reported in the order of the files. */
  constructor(scope: AccountScope, options: { now: Date; onRefused: (refused: RefusedLine) => void }) {
    this.#lanes = new EventLanes((events) => recordEvents(scope, events));
    this.#now = options.now;
    this.#onRefused = options.onRefused;
  }

  get counts(): ImportCounts {
    return { ...this.#lanes.counts, outsideHistory: this.#outsideHistory, refused: this.#refused };
  }

  /**
   * Imports the files one after another. When it settles nothing is under way any more, and the counts say what has been
   * recorded: all of it, or what came before the signal or the error. Rejects with the error of a file that cannot be read
   * to its end or of a transaction that fails. Safe to repeat: what is there already is only counted.
   */
  async run(files: readonly string[], signal: AbortSignal): Promise<void> {
    try {
      for (const file of files) {
        this.file = file;
        await this.#importFile(file, signal);
      }
    } finally {
      await this.#lanes.drain();
    }
  }

  async #importFile(file: string, signal: AbortSignal): Promise<void> {
    for await (const found of readEvents(this.#piecesOf(file))) {
      if (signal.aborted) {
        return;
      }
      if (found.kind === "refused") {
        this.#refuse(file, found.line, found.reason);
        continue;
      }
      const parsed = parseEvent(found.text, this.#now);
      if (parsed.kind === "event") {
        const turn = this.#lanes.add(parsed.event);
        if (turn !== null) {
          await turn;
        }
      } else if (parsed.kind === "outside-history") {
        this.#outsideHistory++;
      } else {
        this.#refuse(file, found.line, parsed.reason);
      }
    }
  }

  #refuse(file: string, line: number, reason: string): void {
    this.#refused++;
    this.#onRefused({ file, line, reason });
  }

  async *#piecesOf(file: string): AsyncGenerator<Uint8Array> {
    for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES })) {
      this.bytesRead += piece.length;
      yield piece;
    }
  }
}
