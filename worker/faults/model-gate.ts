import { AsyncLocalStorage } from "node:async_hooks";

/** One call of a gated function, made on behalf of a caller who decides when it happens. */
export type GatedCall = {
  readonly name: string;
  readonly args: readonly unknown[];
  /** Makes the call, with these arguments. */
  proceed(args: readonly unknown[]): Promise<unknown>;
};

export type Caller = { call(call: GatedCall): Promise<unknown> };

const callers = new AsyncLocalStorage<Caller>();

/** Runs something whose calls of gated functions go through the caller; whatever they call in turn goes its own way. */
export function runAs<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
  return callers.run(caller, work);
}

/** A module whose functions ask their caller first, where there is one. */
export function gated<T extends object>(module: T): T {
  return Object.fromEntries(
    Object.entries(module).map(([name, value]) => [name, typeof value === "function" ? gate(name, value) : value]),
  ) as T;
}

type AnyFunction = (...args: readonly unknown[]) => unknown;

function gate(name: string, real: AnyFunction): AnyFunction {
  return (...args) => {
    const caller = callers.getStore();
    return caller === undefined
      ? real(...args)
      : caller.call({ name, args, proceed: async (own) => callers.exit(() => real(...own)) });
  };
}
