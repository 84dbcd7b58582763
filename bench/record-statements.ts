import { appendFileSync } from "node:fs";
import { Client } from "pg";

// Loaded into an api process before its main module: writes each statement that it sends to a file, one JSON line each.

const file = process.env.BENCH_STATEMENTS;
const query: (...args: unknown[]) => unknown = Client.prototype.query;

if (file !== undefined) {
  Object.assign(Client.prototype, {
    query(this: Client, ...args: unknown[]) {
      const [statement, given] = args;
      const { name, text, values } =
        typeof statement === "string"
          ? { name: undefined, text: statement, values: given }
          : (statement as { readonly name?: string; readonly text: string; readonly values?: unknown });
      appendFileSync(file, `${JSON.stringify({ name, text, values: Array.isArray(values) ? values : [] })}\n`);
      return Reflect.apply(query, this, args);
    },
  });
}
