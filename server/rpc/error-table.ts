import { DomainError, type DomainErrorCode, type DomainErrorDetails } from "@/domain/errors.ts";
import { RpcError, type RpcErrorCode, type RpcErrorFacts } from "@/domain/rpc/rpc-error.ts";
import { asRefusal } from "@/server/bounded-pool.ts";

/** How a call is refused: a status and the vendor's code and message; what we say beside them stands in fields of our own. */
export type RpcRefusal = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly extra: Readonly<Record<string, string | number>>;
  readonly retryAfterMs?: number;
};

type Entry = readonly [status: number, message: string];

/** Status and message of each refusal of a command. Source: actiontrail.md, 2.2 and 4; the last ones are ours. */
const OF_DOMAIN = {
  NoPermission: [403, "You are not authorized to perform this operation. Please apply for access in RAM first."],
  MissingTrailName: [400, "TrailName is mandatory for this action."],
  InvalidTrailNameException: [400, "The specified Trail name is invalid."],
  "InvalidClientToken.Malformed": [400, "The specified parameter ClientToken is not valid."],
  IdempotentParameterMismatch: [
    400,
    "The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical.",
  ],
  TrailNotFoundException: [404, "The specified Trail does not exist."],
  TrailAlreadyExistsException: [400, "The specified Trail name already exists."],
  MaximumNumberOfTrailsExceededException: [403, "The number of Trails in the same region exceeds the upper limit (5)."],
  MaximumNumberOfOrganizationTrailExceeded: [400, "Your account can create only one organization trail."],
  ForbiddenDeleteTrail: [
    400,
    "This Trail has a running deliveryHistoryJob. Please remove the deliveryHistoryJob before deleting it.",
  ],
  InvalidPrefixException: [400, "The specified OSS bucket prefix is invalid."],
  CreateLogStoreError: [400, "Failed to create or update the logstore."],
  InvalidDeliveryConfigurationException: [
    400,
    "You must specify at least one Log Service Project or OSS Bucket for a Trail.",
  ],
  SlsProjectDoesNotExistException: [400, "The specified Log Service Project does not exist."],
  TrailNotValid: [400, "The special Trail is not valid."],
  InvalidParameterValue: [400, "The specified parameter is invalid."],
  InvalidParameterCombination: [400, "The end time must be later than the start time."],
  InvalidParameterStartTimeOutOfDate: [400, "The StartTime exceeds the limit of 90 days."],
  MaximumNumberOfDeliveryHistoryJobsExceededException: [400, "There can only be one running deliveryHistoryJob"],
  InvalidNextToken: [400, "NextToken is not valid."],
  DeliveryHistoryJobNotFound: [404, "The special DeliveryHistoryJob is not found"],
  ServiceUnavailable: [503, "The service is unavailable. Please try again later."],
  InvalidEvents: [400, "The specified events are not valid."],
  IncorrectDeliveryHistoryJobStatus: [400, "The state of the deliveryHistoryJob does not allow this."],
  MembershipAlreadyExists: [400, "This person has a role in the account already."],
  MemberNotFound: [404, "The specified person has no role in the account."],
  LastAdmin: [400, "The account has no other admin."],
  PersonOfOtherAccounts: [400, "The specified person belongs to other accounts as well."],
  InvitationNotFound: [404, "The specified invitation is not found."],
  PasswordResetNotFound: [404, "The specified link is not found."],
  PasswordRefused: [400, "The specified password is not taken."],
  PasswordMismatch: [400, "The specified password is not the present one."],
  IdentityNotConfirmed: [400, "The specified proof does not hold."],
  ReauthenticationRequired: [403, "Sign in again first."],
  SecondFactorRequired: [403, "Set up a second factor first."],
  OwnSecondFactorRequired: [403, "Your own second factor is required here."],
  SessionNotFound: [404, "The specified session is not found."],
  AccessKeyNotFound: [404, "The specified access key is not found."],
  AccessKeyRotated: [400, "The specified access key is one of two that its client has already."],
  AccessKeyPolicyUnreadable: [409, "The stored policy of the specified access key cannot be read."],
  TooManyTries: [429, "Too many tries. Please try again later."],
  AccountNotFound: [404, "The specified account is not found."],
  AccountSwitched: [409, "Another account was chosen meanwhile."],
  LogProjectAlreadyExists: [400, "The specified Log Service Project already exists."],
  LogProjectInUse: [400, "The specified Log Service Project is in use."],
  LogProjectBuiltIn: [400, "The specified Log Service Project is built in."],
  LogProjectKeyUnreadable: [409, "The stored AccessKey secret of the Log Service Project cannot be read."],
  LogProjectKeyRequired: [400, "The AccessKey secret of the Log Service Project has to be given again."],
  ConnectionTestRunning: [400, "The connection to the Log Service Project is being tested."],
} as const satisfies Record<DomainErrorCode, Entry>;

/** Of each refusal of the transport. Source: actiontrail.md, 2.2 and 2.3; the last ones are ours. */
const OF_TRANSPORT = {
  Missing: [400, "is mandatory for this action."],
  MissingParameter: [400, "that is mandatory for processing this request is not supplied"],
  "InvalidAction.NotFound": [404, "Specified api is not found, please check your url and method."],
  InvalidVersion: [400, "Specified parameter Version is not valid."],
  InvalidQueryParameter: [400, "The specified query parameter is invalid."],
  InvalidParameterValue: OF_DOMAIN.InvalidParameterValue,
  InvalidParameterCombination: OF_DOMAIN.InvalidParameterCombination,
  InvalidTrailNameException: OF_DOMAIN.InvalidTrailNameException,
  "InvalidClientToken.Malformed": OF_DOMAIN["InvalidClientToken.Malformed"],
  InvalidPrefixException: OF_DOMAIN.InvalidPrefixException,
  SlsProjectDoesNotExistException: OF_DOMAIN.SlsProjectDoesNotExistException,
  InvalidParameterStartTime: [400, "The specified StartTime is invalid."],
  InvalidParameterEndTime: [400, "The specified EndTime is invalid."],
  InvalidParameterDateOutOfRange: [400, "Query time range exceeds 30 days."],
  InvalidParameterStartTimeOutOfDate: OF_DOMAIN.InvalidParameterStartTimeOutOfDate,
  InvalidParameterStartTimeExceedsCurrent: [
    400,
    "The StartTime exceeds the current time. Use GMT time format for queries.",
  ],
  InvalidLookupAttributesException: [
    400,
    "LookupAttribute Key is not valid. Only support specific values or combinations.",
  ],
  InvalidNextToken: OF_DOMAIN.InvalidNextToken,
  LookupEventsParameterError: [400, "LookupEvents params error."],
  InvalidAcceptLanguage: [400, "Only Chinese (zh-CN), English (en-US) are allowed."],
  IncompleteSignature: [400, "The request signature does not conform to Alibaba Cloud standards."],
  "InvalidAccessKeyId.NotFound": [404, "Specified access key is not found."],
  "InvalidAccessKeyId.Inactive": [403, "Specified access key is disabled."],
  SignatureDoesNotMatch: [400, "Specified signature is not matched with our calculation."],
  SignatureNonceUsed: [400, "Specified signature nonce was used already."],
  "InvalidTimeStamp.Expired": [400, "Specified time stamp or date value is expired."],
  "InvalidTimeStamp.Format": [400, "Specified time stamp or date value is not well formatted."],
  "Throttling.User": [400, "Request was denied due to user flow control."],
  UnsupportedHTTPMethod: [405, "This http method is not supported."],
  InvalidContentType: [415, "The content type of the body is not supported."],
  RequestBodyTooLarge: [413, "The body of the request is too large."],
  RequestTimeout: [408, "The body of the request did not arrive in time."],
} as const satisfies Record<RpcErrorCode, Entry>;

/** What the vendor's message does not say of a refusal. */
const SENTENCES: Readonly<Partial<Record<NonNullable<DomainErrorDetails["why"]>, string>>> = {
  "organization-trail": "It is an organization trail; history is redelivered for single-account trails.",
  "no-sls-destination": "It does not deliver to Log Service.",
  "no-log-project": "Its Log Service project is not known to this account.",
  "lookup-too-slow": "Looking this up took too long. Use a shorter time range or a rarer value.",
};

const EVENTS_SENTENCES = {
  "too-large": "A call takes 4 MB of events at most, before and after compression.",
  "too-many": "A call takes 1,000 events at most.",
  "unknown-encoding": "Content-Encoding may be gzip, zstd or identity.",
  damaged: "The body is not compressed as its Content-Encoding says.",
} as const satisfies Record<NonNullable<DomainErrorDetails["events"]>, string>;

/** The refusal that was thrown, or null for a fault of ours, which no client can do anything about. */
export function refusalOfError(thrown: unknown): RpcRefusal | null {
  const error = asRefusal(thrown);
  if (error instanceof DomainError) {
    const [status, message] = OF_DOMAIN[error.code];
    return { status, code: error.code, message, extra: extraOf(error.details) };
  }
  if (error instanceof RpcError) {
    return ofTransport(error.code, error.facts);
  }
  return null;
}

/** A fault of ours: the RequestId leads to the log, and nothing else is said. */
export const FAULT: RpcRefusal = {
  status: 500,
  code: "InternalError",
  message:
    "An error occurred while processing your request. Please try again. If the problem still exists, submit a ticket.",
  extra: {},
};

function ofTransport(code: RpcErrorCode, { parameter, reason, stringToSign, retryAfterMs }: RpcErrorFacts): RpcRefusal {
  const [status, message] = OF_TRANSPORT[code];
  const extra = {
    ...(parameter === undefined ? {} : { Parameter: parameter }),
    ...(reason === undefined ? {} : { Reason: reason }),
  };
  switch (code) {
    case "Missing":
      return { status, code: `Missing${parameter}`, message: `${parameter} ${message}`, extra };
    case "MissingParameter":
      return { status, code, message: `The input parameter "${parameter}" ${message}`, extra };
    case "SignatureDoesNotMatch":
      return {
        status,
        code,
        message: stringToSign === undefined ? message : `${message} server string to sign is:${stringToSign}`,
        extra,
      };
    default:
      return { status, code, message, extra, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}

function extraOf({ jobId, why, field, events }: DomainErrorDetails): RpcRefusal["extra"] {
  const reason = (why && SENTENCES[why]) ?? (events && EVENTS_SENTENCES[events]);
  return {
    ...(jobId === undefined ? {} : { JobId: jobId }),
    ...(field === undefined ? {} : { Parameter: `${field.charAt(0).toUpperCase()}${field.slice(1)}` }),
    ...(reason === undefined ? {} : { Reason: reason }),
  };
}
