/**
 * Every way the vendor's API refuses a request before, or beside, what a command refuses (domain/errors.ts). The codes are the
 * vendor's (actiontrail.md, 2.2 and 2.3) where it has one; `Missing` stands for its family of `Missing<Parameter>`.
 */
export const RPC_ERROR_CODES = [
  "Missing",
  "MissingParameter",
  "InvalidAction.NotFound",
  "InvalidVersion",
  "InvalidQueryParameter",
  "InvalidParameterValue",
  "InvalidParameterCombination",
  "InvalidTrailNameException",
  "InvalidClientToken.Malformed",
  "InvalidPrefixException",
  "SlsProjectDoesNotExistException",
  "InvalidParameterStartTime",
  "InvalidParameterEndTime",
  "InvalidParameterDateOutOfRange",
  "InvalidParameterStartTimeOutOfDate",
  "InvalidParameterStartTimeExceedsCurrent",
  "InvalidLookupAttributesException",
  "InvalidNextToken",
  "LookupEventsParameterError",
  "InvalidAcceptLanguage",
  "IncompleteSignature",
  "InvalidAccessKeyId.NotFound",
  "InvalidAccessKeyId.Inactive",
  "SignatureDoesNotMatch",
  "SignatureNonceUsed",
  "InvalidTimeStamp.Expired",
  "InvalidTimeStamp.Format",
  "Throttling.User",
  "UnsupportedHTTPMethod",
  "InvalidContentType",
  "RequestBodyTooLarge",
  "RequestTimeout",
] as const;
export type RpcErrorCode = (typeof RPC_ERROR_CODES)[number];

export type RpcErrorFacts = {
  /** The parameter or header at fault. */
  readonly parameter?: string;
  /** One sentence that says more than the vendor's message does. */
  readonly reason?: string;
  /** The text that the signature was compared over. */
  readonly stringToSign?: string;
  /** When another try may be taken. */
  readonly retryAfterMs?: number;
};

/** A refusal of the transport: signature, shape, flow control. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: RpcErrorCode;
  readonly facts: RpcErrorFacts;

  constructor(code: RpcErrorCode, facts: RpcErrorFacts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}
