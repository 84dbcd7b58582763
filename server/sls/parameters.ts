import { isUtf8 } from "node:buffer";
import { LogServiceError } from "@/domain/log-service/log-service.ts";

/** The body as JSON; undefined for one that is none. */
export function parseJsonBody(body: Buffer): unknown {
  try {
    return isUtf8(body) ? JSON.parse(body.toString("utf8")) : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a parameter, which PostgreSQL has to be able to take: its texts have no NUL. @throws LogServiceError ParameterInvalid */
export function storable(text: string): string {
  if (text.includes("\0")) {
    throw new LogServiceError("ParameterInvalid", "A parameter has the character NUL.");
  }
  return text;
}

/** A whole number of at most `max`, or null where there is none. @throws LogServiceError ParameterInvalid */
export function wholeNumber(query: ReadonlyMap<string, string>, name: string, max: number): number | null {
  const text = query.get(name) ?? "";
  if (text === "") {
    return null;
  }
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= max)) {
    throw new LogServiceError("ParameterInvalid", `${name} has to be a whole number from 0 to ${max}.`);
  }
  return value;
}
