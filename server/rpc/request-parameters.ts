import type { WireParameters } from "@/domain/rpc/parameters.ts";
import { RpcError } from "@/domain/rpc/rpc-error.ts";
import { decodeForm, type Parameter } from "./percent-encoding.ts";

/** Far more than any call has; without a bound, whoever sends ten thousand makes us sort and encode them all. */
const PARAMETERS_MAX = 200;

/** The parameters of a query or a form, each name once. @throws RpcError InvalidQueryParameter */
export function readParameters(text: Uint8Array): Parameter[] {
  const parameters = decodeForm(text);
  if (parameters === null) {
    throw new RpcError("InvalidQueryParameter", { reason: "The parameters are not percent-encoded UTF-8." });
  }
  return checked(parameters);
}

/**
 * Parameters of query and form together. A name that stands twice is refused: which of its values counts, and which was signed, would be
 * a matter of opinion.
 * @throws RpcError InvalidQueryParameter
 */
export function mergeParameters(query: readonly Parameter[], form: readonly Parameter[]): Parameter[] {
  return checked([...query, ...form]);
}

/** The same by name; a name that JavaScript's objects have of their own is one like any other. */
export function byName(parameters: readonly Parameter[]): WireParameters {
  return Object.assign(Object.create(null), Object.fromEntries(parameters));
}

function checked(parameters: Parameter[]): Parameter[] {
  if (parameters.length > PARAMETERS_MAX) {
    throw new RpcError("InvalidQueryParameter", { reason: `A request has at most ${PARAMETERS_MAX} parameters.` });
  }
  const names = new Set<string>();
  for (const [name] of parameters) {
    if (names.has(name)) {
      throw new RpcError("InvalidQueryParameter", {
        parameter: name.slice(0, 100),
        reason: "It is given more than once.",
      });
    }
    names.add(name);
  }
  return parameters;
}
