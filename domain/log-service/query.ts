import { foldCase, wordsOf } from "./query-words.ts";

/**
 * Which logs of a logstore are asked for, in the words of SLS's search: `key: value` with `and`, `or`, `not` and parentheses. Terms side
 * by side are joined by `and`; `or` binds least, `not` most.
 *
 * A value is looked for as whole words, one behind the other, where the vendor's signs part words (query-words.ts); `*` stands for any run
 * of characters of a word, so `key: *` asks whether the field says anything. ASCII letters match in either case, keys included. A key
 * names a field of the event by its path (`userIdentity.userName`, with or without `event.` before it) and all fields below; another
 * content of the log; or `__topic__`, `__source__`, `__tag__:name`. Without a key all of these are searched.
 */
export type LogCondition =
  | { readonly kind: "all" }
  | { readonly kind: "match"; readonly key: string | null; readonly words: readonly string[] }
  | { readonly kind: "not"; readonly of: LogCondition }
  | { readonly kind: "and" | "or"; readonly of: readonly LogCondition[] };

/** Why a text is no condition, and where: the position of the sign at fault, from 0. */
export type QueryFault = {
  readonly why:
    | "too-long"
    | "too-many-terms"
    | "too-deep"
    | "open-quote"
    | "open-parenthesis"
    | "unexpected"
    | "no-value";
  readonly at: number;
};

export type ParsedQuery = { readonly condition: LogCondition } | { readonly fault: QueryFault };

/** What people and dashboards write is far shorter; each term costs a look at every log. */
export const QUERY_LENGTH_MAX = 2_000;
const TERMS_MAX = 50;
const DEPTH_MAX = 50;

/** The condition that a text means; an empty one asks for all logs. */
export function parseLogQuery(text: string): ParsedQuery {
  if (text.length > QUERY_LENGTH_MAX) {
    return { fault: { why: "too-long", at: QUERY_LENGTH_MAX } };
  }
  try {
    const tokens = tokensOf(text);
    if (tokens.length === 0) {
      return { condition: { kind: "all" } };
    }
    const reader = new Reader(tokens, text.length);
    const condition = reader.or(0);
    reader.expectEnd();
    return { condition };
  } catch (thrown) {
    if (thrown instanceof Stop) {
      return { fault: thrown.fault };
    }
    throw thrown;
  }
}

/** Leaves the parsing with its fault; never leaves this file. */
class Stop extends Error {
  readonly fault: QueryFault;

  constructor(why: QueryFault["why"], at: number) {
    super(why);
    this.fault = { why, at };
  }
}

type Token = {
  readonly kind: "word" | "quoted" | "(" | ")" | ":";
  readonly text: string;
  readonly at: number;
  readonly end: number;
};

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (/\s/.test(sign)) {
      at++;
    } else if (sign === "(" || sign === ")" || sign === ":") {
      tokens.push({ kind: sign, text: sign, at, end: at + 1 });
      at++;
    } else {
      const token = sign === '"' ? quotedAt(text, at) : wordAt(text, at, tokens.at(-1)?.kind === ":");
      tokens.push(token);
      at = token.end;
    }
  }
  return tokens;
}

function quotedAt(text: string, start: number): Token {
  let value = "";
  let at = start + 1;
  while (text.charAt(at) !== '"') {
    if (at >= text.length) {
      throw new Stop("open-quote", start);
    }
    if (text.charAt(at) === "\\" && at + 1 < text.length) {
      at++;
    }
    value += text.charAt(at);
    at++;
  }
  return { kind: "quoted", text: value, at: start, end: at + 1 };
}

/** Behind a colon a word may have colons of its own, as addresses, ARNs and times do. */
function wordAt(text: string, start: number, isValue: boolean): Token {
  let at = start;
  while (at < text.length && !/[\s()"]/.test(text.charAt(at)) && (isValue || text.charAt(at) !== ":")) {
    at++;
  }
  return { kind: "word", text: text.slice(start, at), at: start, end: at };
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;
  #terms = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  or(depth: number): LogCondition {
    const of = [this.#and(depth)];
    while (this.#takeWord("or")) {
      of.push(this.#and(depth));
    }
    return joined("or", of);
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token !== undefined) {
      throw new Stop("unexpected", token.at);
    }
  }

  #and(depth: number): LogCondition {
    const of = [this.#unary(depth)];
    while (this.#takeWord("and") || this.#startsTerm()) {
      of.push(this.#unary(depth));
    }
    return joined("and", of);
  }

  #unary(depth: number): LogCondition {
    if (depth > DEPTH_MAX) {
      throw new Stop("too-deep", this.#peek()?.at ?? this.#end);
    }
    if (this.#takeWord("not")) {
      return { kind: "not", of: this.#unary(depth + 1) };
    }
    const token = this.#peek();
    if (token?.kind === "(") {
      this.#next++;
      const inner = this.or(depth + 1);
      if (this.#peek()?.kind !== ")") {
        throw new Stop("open-parenthesis", token.at);
      }
      this.#next++;
      return inner;
    }
    return this.#term();
  }

  #term(): LogCondition {
    if (++this.#terms > TERMS_MAX) {
      throw new Stop("too-many-terms", this.#peek()?.at ?? this.#end);
    }
    const first = this.#text();
    if (this.#peek()?.kind !== ":") {
      if (first.kind === "word" && ["and", "or"].includes(foldCase(first.text))) {
        throw new Stop("unexpected", first.at);
      }
      return first.kind === "word" && first.text === "*" ? { kind: "all" } : matchOf(null, first);
    }
    this.#next++;
    // SLS writes the key of a tag with a colon of its own, which the word behind the first one has swallowed.
    const value = this.#text();
    const split = value.text.indexOf(":");
    if (first.text === "__tag__" && value.kind === "word" && split > 0) {
      const key = `__tag__:${value.text.slice(0, split)}`;
      const rest = value.text.slice(split + 1);
      return matchOf(key, rest === "" ? this.#text() : { ...value, text: rest });
    }
    return matchOf(first.text, value);
  }

  #text(): Token {
    const token = this.#peek();
    if (token === undefined || (token.kind !== "word" && token.kind !== "quoted")) {
      throw new Stop(token === undefined ? "no-value" : "unexpected", token?.at ?? this.#end);
    }
    this.#next++;
    return token;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #startsTerm(): boolean {
    const token = this.#peek();
    return (
      token !== undefined && (token.kind === "(" || token.kind === "quoted" || (token.kind === "word" && !isOr(token)))
    );
  }

  /** Takes a keyword; a word that a colon follows is a key, whatever it is called. */
  #takeWord(keyword: string): boolean {
    const token = this.#peek();
    const isKey = this.#tokens[this.#next + 1]?.kind === ":";
    if (token?.kind !== "word" || isKey || foldCase(token.text) !== keyword) {
      return false;
    }
    this.#next++;
    return true;
  }
}

function isOr(token: Token): boolean {
  return foldCase(token.text) === "or";
}

function joined(kind: "and" | "or", of: readonly LogCondition[]): LogCondition {
  const [first] = of;
  return of.length === 1 && first !== undefined ? first : { kind, of };
}

function matchOf(key: string | null, value: Token): LogCondition {
  const words = wordsOf(foldCase(value.text));
  if (words.length === 0) {
    throw new Stop("no-value", value.at);
  }
  return { kind: "match", key: key === null ? null : foldCase(key), words };
}
