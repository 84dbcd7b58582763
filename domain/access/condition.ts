import { isInRange, parseAddress, parseAddressRange } from "@/domain/network/address-range.ts";
import { matchesWildcard } from "./wildcard.ts";

/** What is known of a request, by condition key. A key that is not here is not known. */
export type ConditionContext = Readonly<Partial<Record<ConditionKey, string>>>;

/** The keys that Backtrail knows of its requests. Source: condition keys (actiontrail.md, 7). */
type ConditionKey = "acs:CurrentTime" | "acs:SecureTransport" | "acs:SourceIp" | "acs:MFAPresent";

/** Operator, key, values. */
export type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** How two values of one kind compare, once both are read. */
type Comparison<Value> = (known: Value, wanted: Value) => boolean;

type Operator = {
  /** Whether a policy may have this text as a value of the operator. */
  readonly takes: (text: string) => boolean;
  /** Whether what is known compares with a policy's value as the operator's name says, without its Not. */
  readonly compares: (known: string, wanted: string) => boolean;
  readonly isNegated: boolean;
};

/** The operator of this name, or null. Source: conditional operators (actiontrail.md, 7). */
export function operatorOf(name: string): Operator | null {
  return OPERATORS.get(name) ?? null;
}

/**
 * Whether all conditions of a statement hold. Of several values for one key one is enough; an operator with Not holds when none
 * would do. What is not known of the request compares with nothing, so that a Deny with Not applies and an Allow that names a value does not.
 * Source: actiontrail.md, 7.
 */
export function allHold(condition: Condition, context: ConditionContext): boolean {
  const known = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(condition).every(([name, keys]) => {
    const operator = operatorOf(name);
    return (
      operator !== null &&
      Object.entries(keys).every(([key, values]) => {
        const value = known.get(key.toLowerCase());
        const isFound = value !== undefined && values.some((wanted) => operator.compares(value, wanted));
        return isFound !== operator.isNegated;
      })
    );
  });
}

const ORDERS = {
  Equals: (known, wanted) => known === wanted,
  LessThan: (known, wanted) => known < wanted,
  LessThanEquals: (known, wanted) => known <= wanted,
  GreaterThan: (known, wanted) => known > wanted,
  GreaterThanEquals: (known, wanted) => known >= wanted,
} as const satisfies Record<string, Comparison<number>>;

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...withOpposite("String", "Equals", readText, (known, wanted) => known === wanted),
  ...withOpposite(
    "String",
    "EqualsIgnoreCase",
    readText,
    (known, wanted) => known.toLowerCase() === wanted.toLowerCase(),
  ),
  ...withOpposite("String", "Like", readText, (known, wanted) => matchesWildcard(wanted, known)),
  ...withOrder("Numeric", readNumber),
  ...withOrder("Date", readDate),
  ["Bool", operator(readBoolean, (known, wanted) => known === wanted)],
  ["IpAddress", addressOperator(false)],
  ["NotIpAddress", addressOperator(true)],
]);

function withOpposite<Value>(
  kind: string,
  name: string,
  read: (text: string) => Value | null,
  compare: Comparison<Value>,
): [string, Operator][] {
  return [
    [`${kind}${name}`, operator(read, compare)],
    [`${kind}Not${name}`, operator(read, compare, true)],
  ];
}

function withOrder(kind: string, read: (text: string) => number | null): [string, Operator][] {
  return [
    [`${kind}NotEquals`, operator(read, ORDERS.Equals, true)],
    ...Object.entries(ORDERS).map(([name, compare]): [string, Operator] => [`${kind}${name}`, operator(read, compare)]),
  ];
}

function operator<Value>(
  read: (text: string) => Value | null,
  compare: Comparison<Value>,
  isNegated = false,
): Operator {
  return {
    takes: (text) => read(text) !== null,
    compares: (knownText, wantedText) => {
      const known = read(knownText);
      const wanted = read(wantedText);
      return known !== null && wanted !== null && compare(known, wanted);
    },
    isNegated,
  };
}

function addressOperator(isNegated: boolean): Operator {
  return {
    takes: (text) => parseAddressRange(text) !== null,
    compares: (known, wanted) => {
      const address = parseAddress(known);
      const range = parseAddressRange(wanted);
      return address !== null && range !== null && isInRange(address, range);
    },
    isNegated,
  };
}

function readText(text: string): string {
  return text;
}

function readNumber(text: string): number | null {
  return /^-?[0-9]{1,15}(\.[0-9]{1,15})?$/.test(text) ? Number(text) : null;
}

/** ISO 8601 with its zone, seconds or a part of them optional. */
function readDate(text: string): number | null {
  const isDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const ms = isDate ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

function readBoolean(text: string): string | null {
  const lower = text.toLowerCase();
  return lower === "true" || lower === "false" ? lower : null;
}
