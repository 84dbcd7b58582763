import { z } from "zod";
import { LogServiceError } from "@/domain/log-service/log-service.ts";
import { parseLogQuery, type QueryFault } from "@/domain/log-service/query.ts";
import { type LogReading, READ_LINES_MAX, type ReadLog } from "@/domain/log-service/reading.ts";
import { parseJsonBody, storable, wholeNumber } from "./parameters.ts";

/** The parameters of a GetLogs request, by name, as they read; of GetLogsV2 those of its body. */
export type GetLogsParameters = ReadonlyMap<string, string>;

/** Large enough for any paging, and exact as a number. */
const OFFSET_MAX = 1_000_000_000;

/** What PostgreSQL's and JavaScript's times both hold. */
const SECONDS_MAX = 253_402_300_799;

/**
 * What a request asks for. Parameters that are empty count as absent: clients send those that were not given so.
 * @throws LogServiceError ParameterInvalid, InvalidTimeRange, InvalidQueryString
 */
export function readGetLogs(parameters: GetLogsParameters): LogReading {
  const from = wholeNumber(parameters, "from", SECONDS_MAX);
  const to = wholeNumber(parameters, "to", SECONDS_MAX);
  if (from === null || to === null) {
    throw new LogServiceError("ParameterInvalid", "from and to are needed, in seconds since 1970.");
  }
  if (from >= to) {
    throw new LogServiceError("InvalidTimeRange", "request time range is invalid: from has to be before to");
  }
  return {
    from: new Date(from * 1_000),
    to: new Date(to * 1_000),
    condition: conditionOf(parameters.get("query") ?? ""),
    topic: parameters.get("topic") || null,
    offset: wholeNumber(parameters, "offset", OFFSET_MAX) ?? 0,
    line: wholeNumber(parameters, "line", READ_LINES_MAX) ?? READ_LINES_MAX,
    isReversed: flagOf(parameters, "reverse"),
  };
}

const bodySchema = z.record(z.string(), z.unknown());

/** The parameters in the body of a GetLogsV2 request. @throws LogServiceError ParameterInvalid */
export function readGetLogsBody(body: Buffer): GetLogsParameters {
  const parsed = bodySchema.safeParse(parseJsonBody(body));
  if (!parsed.success) {
    throw new LogServiceError("ParameterInvalid", "The body is not a JSON object.");
  }
  const texts = Object.entries(parsed.data).filter(([, value]) => value !== null);
  return new Map(
    texts.map(([name, value]) => [name, typeof value === "string" ? storable(value) : JSON.stringify(value)]),
  );
}

/** A log as GetLogs answers it: contents by their keys, and what belongs to all logs under the vendor's reserved names, all as text. */
export function logObject({ time, topic, source, tags, contents }: ReadLog): Record<string, string> {
  return Object.fromEntries([
    ...contents.map(({ key, value }) => [key, value]),
    ...tags.map(({ key, value }) => [`__tag__:${key}`, value]),
    ["__topic__", topic],
    ["__source__", source],
    ["__time__", String(time)],
  ]);
}

function flagOf(parameters: GetLogsParameters, name: string): boolean {
  const text = (parameters.get(name) ?? "").toLowerCase();
  if (!["", "true", "false"].includes(text)) {
    throw new LogServiceError("ParameterInvalid", `${name} has to be true or false.`);
  }
  return text === "true";
}

function conditionOf(query: string) {
  // The search language takes a bar for the end of a word; here it would begin an analysis, and the answer would be another one.
  if (query.replace(/"(\\.|[^"\\])*"/gs, "").includes("|")) {
    throw new LogServiceError(
      "InvalidQueryString",
      "The query has an analytic statement behind |, which is not offered.",
    );
  }
  const parsed = parseLogQuery(query);
  if ("fault" in parsed) {
    throw new LogServiceError("InvalidQueryString", `The query is not valid: ${wordsOf(parsed.fault)}.`);
  }
  return parsed.condition;
}

const WORDS_OF_FAULT: Readonly<Record<QueryFault["why"], string>> = {
  "too-long": "it is too long",
  "too-many-terms": "it has too many terms",
  "too-deep": "its parentheses and nots are too deep",
  "open-quote": "a quotation mark is not closed",
  "open-parenthesis": "a parenthesis is not closed",
  unexpected: "something stands where it cannot",
  "no-value": "a value is missing",
};

function wordsOf({ why, at }: QueryFault): string {
  return `${WORDS_OF_FAULT[why]}, at character ${at + 1}`;
}
