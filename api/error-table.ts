import { DomainError } from "@/domain/errors.ts";
import { LogServiceError, type LogServiceErrorCode } from "@/domain/log-service/log-service.ts";
import { asRefusal } from "@/server/bounded-pool.ts";

/** How a refusal is answered: a status and the vendor's error body. */
export type ErrorAnswer = {
  readonly status: number;
  readonly body: { readonly errorCode: string; readonly errorMessage: string };
};

/** Statuses of the log service's codes (actiontrail.md, 6.4). */
const STATUS_OF_CODE = {
  SignatureNotMatch: 401,
  Unauthorized: 401,
  RequestTimeExpired: 400,
  ProjectNotExist: 404,
  LogStoreNotExist: 404,
  LogStoreAlreadyExist: 400,
  ParameterInvalid: 400,
  InvalidTimeRange: 400,
  InvalidQueryString: 400,
  RequestTimeout: 408,
  MissingBodyRawSize: 400,
  InvalidBodyRawSize: 400,
  InvalidCompressType: 400,
  PostBodyUncompressError: 400,
  PostBodyInvalid: 400,
  PostBodyTooLarge: 413,
} as const satisfies Record<LogServiceErrorCode, number>;

/** Refusals of the HTTP layer that clients know by a code of their own. */
const CODE_OF_HTTP_STATUS: ReadonlyMap<number, string> = new Map([
  [413, "PostBodyTooLarge"],
  [415, "InvalidContentType"],
]);

/** The answer to what was thrown, or null for a fault of ours, which no client can do anything about. */
export function answerTo(thrown: unknown): ErrorAnswer | null {
  const error = asRefusal(thrown);
  if (error instanceof LogServiceError) {
    return answer(STATUS_OF_CODE[error.code], error.code, error.message);
  }
  if (error instanceof DomainError && error.code === "NoPermission") {
    return answer(401, "Unauthorized", "The access key's policy does not allow this action on this resource.");
  }
  if (error instanceof DomainError && error.code === "ServiceUnavailable") {
    return answer(503, "ServerBusy", "The server is busy, please try again later.");
  }
  if (isHttpRefusal(error)) {
    return answer(error.statusCode, CODE_OF_HTTP_STATUS.get(error.statusCode) ?? "ParameterInvalid", error.message);
  }
  return null;
}

/** The answer to a fault of ours: the reference leads to the log, and nothing else is said. */
export function answerToFault(reference: string): ErrorAnswer {
  return answer(500, "InternalServerError", `Internal server error, reference ${reference}.`);
}

export const NOT_FOUND: ErrorAnswer = answer(
  404,
  "InvalidAction.NotFound",
  "Specified api is not found, please check your url and method.",
);

function answer(status: number, errorCode: string, errorMessage: string): ErrorAnswer {
  return { status, body: { errorCode, errorMessage } };
}

/** What Fastify throws when a request breaks off, is too large or is not HTTP as it should be. */
function isHttpRefusal(error: unknown): error is Error & { readonly statusCode: number } {
  return (
    error instanceof Error &&
    "code" in error &&
    /^FST_ERR_(CTP_|BAD_URL)/.test(String(error.code)) &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    error.statusCode < 500
  );
}
