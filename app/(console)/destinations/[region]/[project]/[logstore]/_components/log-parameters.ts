import { createLoader, type inferParserType, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { instantOf, parseAsUtcTime } from "@/components/ui/utc-time.ts";
import type { LogCondition } from "@/domain/log-service/query.ts";

/** What a search of a logstore asks for, as the address keeps it. */
const searchParameters = { q: parseAsString, from: parseAsUtcTime, to: parseAsUtcTime };

/** The search, the place in its list, and the log that is open. */
export const logParameters = { ...searchParameters, before: parseAsString, log: parseAsString };

/** How the open log's event is shown. Nothing is read anew for it. */
export const openLogParameters = { text: parseAsStringLiteral(["readable", "as-received"]).withDefault("readable") };

export const loadLogParameters = createLoader(logParameters);

/** The search that the address asks for. */
export function logSearchOf({ from, to }: inferParserType<typeof searchParameters>, condition: LogCondition) {
  return { from: instantOf(from), to: instantOf(to), condition };
}
