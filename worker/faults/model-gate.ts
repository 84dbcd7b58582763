import { AsyncLocalStorage } from "node:async_hooks";
import { vi } from "vitest";

/** One call of a gated function, made on behalf of a caller who decides when it happens. */
export type GatedCall = {
  readonly name: string;
  readonly args: readonly unknown[];
  /** Makes the call, with these arguments. */
  proceed(args: readonly unknown[]): Promise<unknown>;
};

export type Caller = {
  call(call: GatedCall): Promise<unknown>;
  /** The caller's time, in milliseconds: it passes when the caller says so. */
  now(): number;
};

const callers = new AsyncLocalStorage<Caller>();

/** Runs something whose calls of gated functions go through the caller; whatever they call in turn goes its own way. */
export function runAs<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
  return callers.run(caller, work);
}

/** A module whose asynchronous functions ask their caller first, where there is one. The others reach nothing outside. */
export function gated<T extends object>(module: T): T {
  return Object.fromEntries(
    Object.entries(module).map(([name, value]) => [name, isAsync(value) ? gate(name, value) : value]),
  ) as T;
}

type AnyFunction = (...args: readonly unknown[]) => unknown;

function isAsync(value: unknown): value is AnyFunction {
  return Object.prototype.toString.call(value) === "[object AsyncFunction]";
}

/** A function that asks its caller first, where there is one. */
export function gate(name: string, real: AnyFunction): AnyFunction {
  return (...args) => {
    const caller = callers.getStore();
    return caller === undefined
      ? real(...args)
      : caller.call({ name, args, proceed: async (own) => callers.exit(() => real(...own)) });
  };
}

/** Gives callers their own time: what they measure, and when what they repeat beside their work is due. */
export function giveCallersTheirTime(): void {
  const { setInterval: repeat, clearInterval: end } = globalThis;
  const now = performance.now.bind(performance);
  const repetitions = new WeakMap<object, AbortController>();
  vi.spyOn(performance, "now").mockImplementation(() => callers.getStore()?.now() ?? now());
  vi.spyOn(globalThis, "setInterval").mockImplementation(((work: () => void, ms = 0) => {
    const caller = callers.getStore();
    if (caller === undefined) {
      return repeat(work, ms);
    }
    const ending = new AbortController();
    repeatInTimeOf(caller, work, ms, ending.signal).catch(() => undefined);
    // Only to be named in clearInterval; it never comes to anything.
    const handle = repeat(() => undefined, 2 ** 30).unref();
    repetitions.set(handle, ending);
    return handle;
  }) as typeof setInterval);
  vi.spyOn(globalThis, "clearInterval").mockImplementation((handle) => {
    if (typeof handle === "object" && handle !== null) {
      repetitions.get(handle)?.abort();
    }
    end(handle);
  });
}

/** Each wait goes through the caller's gate, like any other; rejects when it is ended. */
async function repeatInTimeOf(caller: Caller, work: () => void, ms: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    await caller.call({ name: "setTimeout", args: [ms, undefined, { signal }], proceed: async () => undefined });
    work();
  }
}
