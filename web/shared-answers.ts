import { randomUUID } from "node:crypto";
import { type IncomingHttpHeaders, type IncomingMessage, request as requestOver, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { ACCOUNT_COOKIE, ACCOUNT_COOKIE_TLS, ACCOUNT_HEADER } from "@/domain/access/account-choice.ts";
import { loopbackOf } from "./loopback.ts";
import { Pollers } from "./pollers.ts";

/**
 * For so long an answer serves everybody who asks the same, and longer only those who come while it is still being made. Consoles ask every
 * 2 s at most; a longer time would show, a shorter one would have each of them ask the database for the same again.
 */
const SHARED_MS = 1_000;

/**
 * The same for the rate of a job, which consoles ask for every 10 s, as often as the engine notes another point of it. Longer would show in the
 * chart's last point, shorter make an answer for nearly each console.
 */
const RATE_SHARED_MS = 5_000;

/** Sessions that are remembered. One that is forgotten costs its next poll an answer of its own. */
const SESSIONS_MAX = 10_000;

/** Answers that are kept at a time; each is of use for a second, or a few. */
const ANSWERS_MAX = 500;

/** What consoles ask again and again (components/ui/poll.ts), and what is the same for all in an account who have the same role. */
const POLLED = /^\/(?:slot\/data|jobs\/data|jobs\/[0-9]+\/(?:data|rate))(?:\?|$)/;

const RATE = /^\/jobs\/[0-9]+\/rate(?:\?|$)/;

/** What the browser of a person who has just done something asks with: an answer from before that would hide it (components/ui/poll.ts). */
const ANEW_HEADER = "x-answer-anew";

/** A session's cookie, as server/access/auth.ts names it, and the token in it. */
const SESSION_COOKIES = {
  plain: /(?:^|; )(better-auth\.session_token=([^;.]+)\.[^;]+)/,
  tls: /(?:^|; )(__Host-better-auth\.session_token=([^;.]+)\.[^;]+)/,
} as const;

const LANGUAGE_COOKIE = /(?:^|; )(language=[^;]*)/;

/** Marks this process's own requests, which are for Next; nobody else knows the value. */
const OWN_HEADER = "x-own-request";

type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** An answer that is being made, or was. The times are this process's own. */
type Making = {
  readonly answer: Promise<Answer>;
  readonly begunAt: number;
  endedAt: number;
};

/**
 * Answers what many open consoles ask alike from one answer of Next. Whoever gets it holds a session at that
 * moment, and a place and a role in the account for which the answer was made: that is an index read for each poll, many of them in one
 * statement, and a 304 for who has the answer already. A cookie counts only after Next, which checks its signature, has accepted it.
 */
export class SharedAnswers {
  readonly #host: string;
  readonly #port: number;
  readonly #sessionCookie: RegExp;
  readonly #accountCookie: string;
  readonly #chosenAccount: RegExp;
  readonly #ownMark = randomUUID();
  /** Cookies that Next has accepted, with the session's token in each. */
  readonly #accepted = new Map<string, string>();
  readonly #makings = new Map<string, Making>();
  readonly #pollers = new Pollers();

  /**
   * @param host where this process listens, and on which port
   * @param isPublicTls whether the console's public address is one with TLS, whose cookies have another name
   */
  constructor(host: string, port: number, isPublicTls: boolean) {
    this.#host = loopbackOf(host);
    this.#port = port;
    this.#sessionCookie = isPublicTls ? SESSION_COOKIES.tls : SESSION_COOKIES.plain;
    this.#accountCookie = isPublicTls ? ACCOUNT_COOKIE_TLS : ACCOUNT_COOKIE;
    this.#chosenAccount = new RegExp(`(?:^|; )${this.#accountCookie}=([0-9]{16})(?:;|$)`);
  }

  /** Whether a request is one of ours, whose forwarded address can be believed. */
  isOwn(request: IncomingMessage): boolean {
    return request.headers[OWN_HEADER] === this.#ownMark;
  }

  /** False when the request is for Next alone: also while the database cannot be asked, which Next says in its own way. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const answer = await this.#find(request).catch(() => null);
    if (answer === null) {
      return false;
    }
    send(answer, request, response);
    return true;
  }

  /** Null for a request that is none of these. Rejects when the database or this process's own server cannot be asked. */
  async #find(request: IncomingMessage): Promise<Answer | null> {
    const cameAt = performance.now();
    const { url = "", method, headers } = request;
    const [, cookie, encodedToken] = headers.cookie?.match(this.#sessionCookie) ?? [];
    if (method !== "GET" || !POLLED.test(url) || cookie === undefined || encodedToken === undefined) {
      return null;
    }
    const token = this.#accepted.get(cookie);
    const chosen = headers.cookie?.match(this.#chosenAccount)?.[1] ?? null;
    const language = headers.cookie?.match(LANGUAGE_COOKIE)?.[1];
    // Next is told what was looked at here and nothing else: of two cookies of one name it might take the other, and its answer would be kept
    // for an account that it is not about.
    const ask = (accountId: string | null) =>
      this.#ask(
        request,
        [cookie, accountId && `${this.#accountCookie}=${accountId}`, language].filter(Boolean).join("; "),
      );
    const poller = token === undefined ? null : await this.#pollers.find({ token, accountId: chosen });
    if (poller === null) {
      this.#accepted.delete(cookie);
      const answer = await ask(chosen);
      if (answer.status === 200) {
        keep(this.#accepted, cookie, decodeURIComponent(encodedToken), SESSIONS_MAX);
      }
      return answer;
    }
    const drawnFor = headers[ACCOUNT_HEADER];
    if (drawnFor !== undefined && drawnFor !== poller.accountId) {
      // The page is of another account than the one chosen since; Next says so.
      return ask(poller.accountId);
    }
    const key = [poller.accountId, poller.role, url, headers["accept-encoding"], language].join("\n");
    const make = () => ask(poller.accountId);
    const sharedMs = RATE.test(url) ? RATE_SHARED_MS : SHARED_MS;
    return headers[ANEW_HEADER] === undefined ? this.#shared(key, make, cameAt, sharedMs) : this.#make(key, make);
  }

  /** The answer that was young enough or just being made when the request came; else a new one, which those who come now share. */
  async #shared(key: string, ask: () => Promise<Answer>, cameAt: number, sharedMs: number): Promise<Answer> {
    // Nothing is waited for between the look and a new answer, or two who come together would each make one.
    const making = this.#makings.get(key);
    if (making !== undefined && (cameAt <= making.endedAt || cameAt - making.begunAt <= sharedMs)) {
      const known = await making.answer.catch(() => null);
      if (known !== null && isForAll(known)) {
        return known;
      }
    }
    return this.#make(key, ask);
  }

  /** A new answer, which those who come now share. */
  #make(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const making: Making = {
      answer: ask().finally(() => {
        making.endedAt = performance.now();
      }),
      begunAt: performance.now(),
      endedAt: Number.POSITIVE_INFINITY,
    };
    keep(this.#makings, key, making, ANSWERS_MAX);
    return making.answer;
  }

  /** Asks Next, through this process's own server, in the name of the request's client. */
  async #ask(request: IncomingMessage, cookie: string): Promise<Answer> {
    const { "if-none-match": _known, connection: _connection, ...headers } = request.headers;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    requestOver({
      host: this.#host,
      port: this.#port,
      path: request.url,
      headers: { ...headers, cookie, [OWN_HEADER]: this.#ownMark },
    })
      .once("response", resolve)
      .once("error", reject)
      .end();
    const answer = await promise;
    return { status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) };
  }
}

/** A refusal is nobody else's, nor is an answer that brings a cookie. */
function isForAll({ status, headers }: Answer): boolean {
  return status === 200 && headers["set-cookie"] === undefined;
}

/** Sends an answer, or that nothing has changed since the one that the client names. */
function send({ status, headers, body }: Answer, request: IncomingMessage, response: ServerResponse): void {
  const { "transfer-encoding": _encoding, connection: _connection, "keep-alive": _keepAlive, ...lasting } = headers;
  const date = new Date().toUTCString();
  if (status === 200 && headers.etag !== undefined && request.headers["if-none-match"] === headers.etag) {
    const { "content-type": _type, "content-encoding": _contentEncoding, "content-length": _length, ...kept } = lasting;
    response.writeHead(304, { ...kept, date }).end();
  } else {
    response.writeHead(status, { ...lasting, "content-length": body.length, date }).end(body);
  }
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value, sizeMax: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > sizeMax) {
    // The one that was put there first.
    map.delete(map.keys().next().value ?? key);
  }
}
