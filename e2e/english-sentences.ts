import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

// Read as texts: what tries the product imports none of the console.

const ROOT = join(import.meta.dirname, "..");
const DICTIONARIES = "{app,components}/**/{words,*-words}.ts";
const COMMENT = /\/\*.*?\*\/|^\s*\/\/.*$/gms;
const LITERAL = /"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`|'((?:[^'\\\n]|\\.)*)'/g;
const FILLED_IN = /\$\{(?:[^{}]|\{[^}]*\})*\}/;

/** Shorter ones may be names, which are the same in every language. */
const WORDS_MIN = 3;

/** All that the console's dictionaries say in English, in three words or more; sentences with something filled in, by their parts. */
export const ENGLISH_SENTENCES: readonly string[] = [
  ...new Set(
    globSync(DICTIONARIES, { cwd: ROOT })
      .flatMap((file) => [...readFileSync(join(ROOT, file), "utf8").replace(COMMENT, "").matchAll(LITERAL)])
      .map(([, ...kinds]) => kinds.find((text) => text !== undefined) ?? "")
      .filter((text) => !/\p{Script=Han}/u.test(text))
      .flatMap((text) => text.split(FILLED_IN))
      .map((part) => part.trim())
      .filter((part) => part.split(/\s+/).filter((word) => /^\p{Script=Latin}/u.test(word)).length >= WORDS_MIN),
  ),
];
