import type { ZodType } from "zod";

/**
 * Why there is no answer: `session-ended` and `refused` need a person; `unreachable`, where nothing usable came back, and
 * `failing`, where the console itself says that it cannot, may pass by themselves.
 */
export class PollError extends Error {
  override readonly name = "PollError";
  readonly why: "session-ended" | "refused" | "unreachable" | "failing";

  constructor(why: PollError["why"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}

/** What the console said, to the person, when it refused an answer; null for every other failure. */
export function refusalIn(error: Error | null): string | null {
  return error instanceof PollError && error.why === "refused" ? error.message : null;
}

/** Whether there is no answer because whoever asks is signed in no longer. */
export function isSessionEnded(error: Error | null): boolean {
  return error instanceof PollError && error.why === "session-ended";
}

// An answer this late is worth less than the next one.
const ANSWER_TIMEOUT_MS = 10_000;

/** For so long the console may give an answer that it has given somebody before; with room for slow ways (web/shared-answers.ts). */
const ANEW_MS = 3_000;

let anewUntil = 0;

/** Has the answers of the next seconds made anew, so that a person sees at once what they have just done. */
export function askAnew(): void {
  anewUntil = performance.now() + ANEW_MS;
}

/**
 * Reads a JSON answer of this console and checks it against its schema.
 * @param loadSchema so that a page that the server has drawn need not load what checks its polls before it comes alive
 * @throws PollError when there is no answer, a refusal, or one of another shape.
 */
export async function getJson<Data>(
  path: string,
  loadSchema: () => Promise<ZodType<Data>>,
  signal: AbortSignal,
): Promise<Data> {
  const known = answers.get(path);
  // On its way while the answer is made; that it did not come is told by whoever waits for it below.
  const loading = loadSchema();
  loading.catch(() => undefined);
  const response = await fetch(path, {
    headers: {
      accept: "application/json",
      ...(known === undefined ? {} : { "if-none-match": known.tag }),
      ...(performance.now() < anewUntil ? { "x-answer-anew": "1" } : {}),
    },
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
  }).catch((cause: unknown) => {
    throw new PollError("unreachable", "no answer", { cause });
  });
  if (response.status === 304 && known !== undefined) {
    return renewed(known.data, response) as Data;
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    throw new PollError(whyOf(response.status), sentenceOf(body) ?? `status ${response.status}`);
  }
  const parsed = (await loading).safeParse(body);
  if (!parsed.success) {
    throw new PollError("unreachable", "an answer of another shape", { cause: parsed.error });
  }
  remember(path, response.headers.get("etag"), parsed.data);
  return parsed.data;
}

/** The last answers with their tags: a poll whose answer has not changed brings none. */
const answers = new Map<string, { readonly tag: string; readonly data: unknown }>();

/** A page polls two or three paths; older ones are of pages that were left. */
const ANSWERS_MAX = 20;

function remember(path: string, tag: string | null, data: unknown): void {
  answers.delete(path);
  if (tag !== null) {
    answers.set(path, { tag, data });
  }
  for (const oldest of [...answers.keys()].slice(0, -ANSWERS_MAX)) {
    answers.delete(oldest);
  }
}

/** The same data at the server's present time, which is all that an answer without content brings. */
function renewed(data: unknown, response: Response): unknown {
  const date = Date.parse(response.headers.get("date") ?? "");
  return typeof data === "object" && data !== null && "now" in data && !Number.isNaN(date)
    ? { ...data, now: new Date(date).toISOString() }
    : data;
}

/** A refusal carries a sentence for the person. */
function sentenceOf(body: unknown): string | null {
  const error: unknown = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  const isSaid = typeof error === "object" && error !== null && "message" in error;
  return isSaid && typeof error.message === "string" ? error.message : null;
}

function whyOf(status: number): PollError["why"] {
  if (status === 401) {
    return "session-ended";
  }
  return status < 500 ? "refused" : "failing";
}
