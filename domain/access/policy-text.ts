import type { z } from "zod";
import { jsonFaultIn } from "./json-fault.ts";
import { type JsonPath, placesIn } from "./json-places.ts";
import { POLICY_FAULTS, type PolicyDocument, type PolicyFault, policyDocumentSchema } from "./policy.ts";

/** RAM takes no longer document. */
const POLICY_LENGTH_MAX = 6_144;

/** One thing that is wrong with a policy's text, and where: line and column count from 1. */
export type PolicyTextFault = {
  readonly fault: PolicyFault | "not-json" | "repeated-member" | "text-too-long";
  /** The member or element at fault; empty for the whole text. */
  readonly path: JsonPath;
  readonly line: number;
  readonly column: number;
};

export type PolicyText =
  | { readonly kind: "policy"; readonly policy: PolicyDocument }
  /** In the order in which they stand in the text. */
  | { readonly kind: "faults"; readonly faults: readonly PolicyTextFault[] };

/** Reads a policy as a person has written it, or says what is wrong with it, all at once. */
export function parsePolicyText(text: string): PolicyText {
  if (text.length > POLICY_LENGTH_MAX) {
    return { kind: "faults", faults: [{ fault: "text-too-long", path: [], ...placeAt(text, POLICY_LENGTH_MAX) }] };
  }
  const json = parseJson(text);
  if (json.kind === "broken") {
    return { kind: "faults", faults: [{ fault: "not-json", path: [], ...placeAt(text, json.offset) }] };
  }
  const parsed = policyDocumentSchema.safeParse(json.value);
  const places = placesIn(text);
  const found = [
    ...places.repeated.map((path) => ({ fault: "repeated-member" as const, path })),
    ...(parsed.error?.issues.flatMap(faultsOf) ?? []),
  ].map((one) => ({ ...one, offset: nearestOffset(one.path, places.offsetOf) }));
  if (parsed.success && found.length === 0) {
    return { kind: "policy", policy: parsed.data };
  }
  const faults = found
    .sort((one, other) => one.offset - other.offset)
    .map(({ fault, path, offset }) => ({ fault, path, ...placeAt(text, offset) }));
  return { kind: "faults", faults };
}

type JsonText =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "broken"; readonly offset: number };

function parseJson(text: string): JsonText {
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch {
    return { kind: "broken", offset: jsonFaultIn(text) ?? text.length };
  }
}

/** An issue about members that are not known names them all; each is a fault where it stands. */
function faultsOf(issue: z.core.$ZodIssue): { fault: PolicyFault; path: JsonPath }[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ fault: "unknown-member", path: [...path, key] }));
  }
  const fault = POLICY_FAULTS.find((name) => name === issue.message) ?? "not-an-object";
  return [{ fault, path }];
}

/** Where the value stands, or what it would be in: a member that is missing has no place of its own. */
function nearestOffset(path: JsonPath, offsetOf: (path: JsonPath) => number | null): number {
  for (let length = path.length; length >= 0; length--) {
    const offset = offsetOf(path.slice(0, length));
    if (offset !== null) {
      return offset;
    }
  }
  return 0;
}

function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
