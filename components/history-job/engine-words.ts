import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import type { HistoryJobWords } from "./words.ts";

/** Stands for a part while a sentence is made into its pattern; no text that PostgreSQL keeps has it. */
const PART = "\0";

type Write = (...parts: string[]) => string;

const PATTERNS = Object.entries<Write>(ENGINE_SENTENCES).map(
  ([name, write]) => [name as keyof typeof ENGINE_SENTENCES, patternOf(write)] as const,
);

function patternOf(write: Write): RegExp {
  const parts = Array.from({ length: write.length }, () => PART);
  const text = write(...parts).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${text.replaceAll(PART, "(.+?)")}$`, "s");
}

/**
 * Why an event or a job was refused: what the engine says by itself in the reader's language, and the log service's own words as
 * they came, also where the engine quotes them.
 */
export function reasonInWords(reason: string, words: HistoryJobWords): string {
  for (const [name, pattern] of PATTERNS) {
    const match = pattern.exec(reason);
    if (match !== null) {
      const write: Write = words.engine[name];
      return write(...match.slice(1).map((part) => reasonInWords(part, words)));
    }
  }
  return reason;
}
