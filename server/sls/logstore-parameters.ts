import { z } from "zod";
import { LogServiceError } from "@/domain/log-service/log-service.ts";
import type { LogstoreListing } from "@/server/log-service/queries.ts";
import { parseJsonBody, wholeNumber } from "./parameters.ts";

/** The most names of one ListLogStores request, and how many it gets that does not say. Source: SLS, ListLogStores. */
const LISTED_MAX = 500;
const LISTED_DEFAULT = 200;

const OFFSET_MAX = 1_000_000;

/** Which logstores a ListLogStores request asks for. Empty parameters count as absent. @throws LogServiceError ParameterInvalid */
export function readListing(query: ReadonlyMap<string, string>): LogstoreListing {
  return {
    contained: query.get("logstoreName") ?? "",
    offset: wholeNumber(query, "offset", OFFSET_MAX) ?? 0,
    size: wholeNumber(query, "size", LISTED_MAX) ?? LISTED_DEFAULT,
  };
}

/** What may be said of a logstore beside its name, its shards and its time to live, means nothing here: it has one, for ever. */
const createLogstoreSchema = z.object({ logstoreName: z.string() });

/** The name in the body of a CreateLogStore request. @throws LogServiceError ParameterInvalid */
export function readLogstoreName(body: Buffer): string {
  const parsed = createLogstoreSchema.safeParse(parseJsonBody(body));
  if (!parsed.success) {
    throw new LogServiceError("ParameterInvalid", "The body is not a JSON object with a logstoreName.");
  }
  return parsed.data.logstoreName;
}
