import { z } from "zod";
import { REGION_PATTERN, TRAIL_NAME_PATTERN } from "@/domain/trail/trail.ts";
import { RPC_ERROR_CODES, RpcError, type RpcErrorCode } from "./rpc-error.ts";

// What the parameters of calls are made of. On the wire each is a text; the message of an issue is the code to refuse it with.

/** The message of an issue: the code that a call is refused with. */
export function code(name: RpcErrorCode): RpcErrorCode {
  return name;
}

/** Parameters as they come, by name. */
export type WireParameters = Readonly<Record<string, string>>;

/** Longer than any value that means something, but for lists; what is longer would only be carried into the audit. */
const VALUE_LENGTH_MAX = 1_000;

/**
 * Any text within its bound that PostgreSQL can store: percent-encoding can say NUL, and its texts have none.
 * @param refusal what is said of any other; the vendor's own code where the parameter has one
 */
function value(refusal: RpcErrorCode, lengthMax = VALUE_LENGTH_MAX) {
  return z
    .string(code("Missing"))
    .max(lengthMax, code(refusal))
    .refine((text) => !text.includes("\0"), code(refusal));
}

/** A text that may be left out; absent and empty are the same. */
export function optionalText(refusal: RpcErrorCode = "InvalidParameterValue", lengthMax = VALUE_LENGTH_MAX) {
  return value(refusal, lengthMax).default("");
}

/** A text that has to be there; the vendor's `Missing<Parameter>` when it is not. */
export function requiredText(refusal: RpcErrorCode = "InvalidParameterValue") {
  return value(refusal).min(1, code("Missing"));
}

/** The trail that a call is about. */
export const trailName = requiredText("InvalidTrailNameException").regex(
  TRAIL_NAME_PATTERN,
  code("InvalidTrailNameException"),
);

/** true or false, in any case; absent is false. */
export const flag = z
  .string()
  .regex(/^(true|false)?$/i, code("InvalidParameterValue"))
  .default("false")
  .transform((text) => text.toLowerCase() === "true")
  .meta({ format: "boolean" });

/** A whole number in decimal digits within bounds; absent and empty stand for `fallback`. */
export function wholeNumber({ min, max, fallback }: { min: number; max: number; fallback: number }) {
  return z
    .string()
    .regex(/^([0-9]{1,10})?$/, code("InvalidParameterValue"))
    .default("")
    .transform((text) => (text === "" ? fallback : Number(text)))
    .refine((number) => number >= min && number <= max, code("InvalidParameterValue"))
    .meta({ format: "int32" });
}

/** The id of a job: the vendor's are int32. */
export const jobId = requiredText()
  .regex(/^[0-9]{1,10}$/, code("InvalidParameterValue"))
  .transform(Number)
  .refine((number) => number < 2 ** 31, code("InvalidParameterValue"))
  .meta({ format: "int32" });

/** A region's id. */
export const regionId = requiredText().regex(REGION_PATTERN, code("InvalidParameterValue")).max(64);

/** A text that may be left out (undefined), or be empty, which takes away what was there (null). */
export function clearableText(refusal: RpcErrorCode = "InvalidParameterValue") {
  return value(refusal)
    .transform((text) => (text === "" ? null : text))
    .optional();
}

/** One of a closed set; absent and empty are undefined. */
export function oneOf<const Values extends readonly [string, ...string[]]>(
  values: Values,
  refusal: RpcErrorCode = "InvalidParameterValue",
) {
  return z
    .enum(["", ...values], code(refusal))
    .transform((text) => (text === "" ? undefined : (text as Values[number])))
    .optional();
}

/** What a call's schema refuses parameters with: the first issue, as the vendor answers one at a time. */
export function refusalOf(error: z.ZodError): RpcError {
  const [issue] = error.issues;
  const parameter = issue === undefined || issue.path.length === 0 ? undefined : String(issue.path[0]);
  const named = RPC_ERROR_CODES.find((name) => name === issue?.message) ?? "InvalidParameterValue";
  return new RpcError(named, parameter === undefined ? {} : { parameter });
}
