import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DomainError, type DomainErrorCode } from "@/domain/errors.ts";
import { RPC_ERROR_CODES, RpcError, type RpcErrorCode, type RpcErrorFacts } from "@/domain/rpc/rpc-error.ts";
import { envelopeOf } from "./answer-call.ts";
import { FAULT, refusalOfError } from "./error-table.ts";

// The vendor's tables of errors, row by row (actiontrail.md, 2.2, 2.3 and 4): what clients compare is the same to the letter.

type Row = readonly [status: number, code: string, message: string, thrown: Error];

const command = (code: DomainErrorCode) => new DomainError(code);
const transport = (code: RpcErrorCode, facts?: RpcErrorFacts) => new RpcError(code, facts);

/** What both commands and the transport refuse. */
const either = (status: number, code: DomainErrorCode & RpcErrorCode, message: string): readonly Row[] => [
  [status, code, message, command(code)],
  [status, code, message, transport(code)],
];

const missing = (parameter: string): Row => [
  400,
  `Missing${parameter}`,
  `${parameter} is mandatory for this action.`,
  transport("Missing", { parameter }),
];

const missingCommon = (parameter: string): Row => [
  400,
  "MissingParameter",
  `The input parameter "${parameter}" that is mandatory for processing this request is not supplied`,
  transport("MissingParameter", { parameter }),
];

/** Section 2.2: those of ActionTrail. */
const OF_PRODUCT: readonly Row[] = [
  [404, "TrailNotFoundException", "The specified Trail does not exist.", command("TrailNotFoundException")],
  [
    400,
    "MaximumNumberOfDeliveryHistoryJobsExceededException",
    "There can only be one running deliveryHistoryJob",
    command("MaximumNumberOfDeliveryHistoryJobsExceededException"),
  ],
  [
    404,
    "DeliveryHistoryJobNotFound",
    "The special DeliveryHistoryJob is not found",
    command("DeliveryHistoryJobNotFound"),
  ],
  [
    400,
    "ForbiddenDeleteTrail",
    "This Trail has a running deliveryHistoryJob. Please remove the deliveryHistoryJob before deleting it.",
    command("ForbiddenDeleteTrail"),
  ],
  [400, "TrailNotValid", "The special Trail is not valid.", command("TrailNotValid")],
  ...either(400, "InvalidTrailNameException", "The specified Trail name is invalid."),
  [
    400,
    "TrailAlreadyExistsException",
    "The specified Trail name already exists.",
    command("TrailAlreadyExistsException"),
  ],
  [
    403,
    "MaximumNumberOfTrailsExceededException",
    "The number of Trails in the same region exceeds the upper limit (5).",
    command("MaximumNumberOfTrailsExceededException"),
  ],
  [
    400,
    "MaximumNumberOfOrganizationTrailExceeded",
    "Your account can create only one organization trail.",
    command("MaximumNumberOfOrganizationTrailExceeded"),
  ],
  [
    400,
    "InvalidDeliveryConfigurationException",
    "You must specify at least one Log Service Project or OSS Bucket for a Trail.",
    command("InvalidDeliveryConfigurationException"),
  ],
  ...either(400, "InvalidPrefixException", "The specified OSS bucket prefix is invalid."),
  ...either(400, "SlsProjectDoesNotExistException", "The specified Log Service Project does not exist."),
  [400, "CreateLogStoreError", "Failed to create or update the logstore.", command("CreateLogStoreError")],
  [
    403,
    "NoPermission",
    "You are not authorized to perform this operation. Please apply for access in RAM first.",
    command("NoPermission"),
  ],
  [
    400,
    "IncompleteSignature",
    "The request signature does not conform to Alibaba Cloud standards.",
    transport("IncompleteSignature"),
  ],
  [400, "InvalidQueryParameter", "The specified query parameter is invalid.", transport("InvalidQueryParameter")],
  ...either(400, "InvalidParameterValue", "The specified parameter is invalid."),
  ...either(400, "InvalidParameterCombination", "The end time must be later than the start time."),
  [400, "InvalidParameterStartTime", "The specified StartTime is invalid.", transport("InvalidParameterStartTime")],
  [400, "InvalidParameterEndTime", "The specified EndTime is invalid.", transport("InvalidParameterEndTime")],
  [
    400,
    "InvalidParameterDateOutOfRange",
    "Query time range exceeds 30 days.",
    transport("InvalidParameterDateOutOfRange"),
  ],
  ...either(400, "InvalidParameterStartTimeOutOfDate", "The StartTime exceeds the limit of 90 days."),
  [
    400,
    "InvalidParameterStartTimeExceedsCurrent",
    "The StartTime exceeds the current time. Use GMT time format for queries.",
    transport("InvalidParameterStartTimeExceedsCurrent"),
  ],
  ...either(400, "InvalidNextToken", "NextToken is not valid."),
  [
    400,
    "InvalidLookupAttributesException",
    "LookupAttribute Key is not valid. Only support specific values or combinations.",
    transport("InvalidLookupAttributesException"),
  ],
  [400, "LookupEventsParameterError", "LookupEvents params error.", transport("LookupEventsParameterError")],
  [
    400,
    "InvalidAcceptLanguage",
    "Only Chinese (zh-CN), English (en-US) are allowed.",
    transport("InvalidAcceptLanguage"),
  ],
  [503, "ServiceUnavailable", "The service is unavailable. Please try again later.", command("ServiceUnavailable")],
];

/** Section 2.3: those of the vendor's gateway; and of section 4 what it says of client tokens elsewhere. */
const OF_GATEWAY: readonly Row[] = [
  [400, "MissingTrailName", "TrailName is mandatory for this action.", command("MissingTrailName")],
  missing("TrailName"),
  missing("Name"),
  missing("JobId"),
  missing("StorageRegion"),
  missingCommon("Action"),
  missingCommon("AccessKeyId"),
  missingCommon("Signature"),
  missingCommon("TimeStamp"),
  missingCommon("Version"),
  [
    404,
    "InvalidAction.NotFound",
    "Specified api is not found, please check your url and method.",
    transport("InvalidAction.NotFound"),
  ],
  [400, "InvalidVersion", "Specified parameter Version is not valid.", transport("InvalidVersion")],
  [404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.", transport("InvalidAccessKeyId.NotFound")],
  [403, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.", transport("InvalidAccessKeyId.Inactive")],
  [
    400,
    "SignatureDoesNotMatch",
    "Specified signature is not matched with our calculation. server string to sign is:GET&%2F&",
    transport("SignatureDoesNotMatch", { stringToSign: "GET&%2F&" }),
  ],
  [400, "SignatureNonceUsed", "Specified signature nonce was used already.", transport("SignatureNonceUsed")],
  [
    400,
    "InvalidTimeStamp.Expired",
    "Specified time stamp or date value is expired.",
    transport("InvalidTimeStamp.Expired"),
  ],
  [
    400,
    "InvalidTimeStamp.Format",
    "Specified time stamp or date value is not well formatted.",
    transport("InvalidTimeStamp.Format"),
  ],
  [400, "Throttling.User", "Request was denied due to user flow control.", transport("Throttling.User")],
  [
    400,
    "IdempotentParameterMismatch",
    "The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical.",
    command("IdempotentParameterMismatch"),
  ],
  ...either(400, "InvalidClientToken.Malformed", "The specified parameter ClientToken is not valid."),
];

describe("a refusal has the vendor's status, code and message", () => {
  it.each([...OF_PRODUCT, ...OF_GATEWAY])("%i %s: %s", (status, code, message, thrown) => {
    const refusal = refusalOfError(thrown);
    expect(refusal).toMatchObject({ status, code, message });
    expect(envelopeOf(refusal ?? FAULT, "id", "host")).toMatchObject({ Code: code, Message: message });
  });

  it("500 InternalError for a fault, of which nothing else is said", () => {
    expect(refusalOfError(new Error("a secret"))).toBeNull();
    expect(FAULT).toEqual({
      status: 500,
      code: "InternalError",
      message:
        "An error occurred while processing your request. Please try again. If the problem still exists, submit a ticket.",
      extra: {},
    });
  });
});

/** Of the same tables, what Backtrail has no cause or another code for. */
const NEVER_SENT = [
  "NotSupportDeliveryHistoryJob",
  "NotAllowCreateOrganizationTrail",
  "RepeatOssBucket",
  "BucketDoesNotExistException",
  "InsufficientBucketPolicyException",
  "SlsLogStoreDoesNotExistException",
  "InsufficientSlsPolicyException",
  "LogServiceException",
  "NeedServiceLinkedRole",
  "NeedOssRamAuthorize",
  "NeedSlsRamAuthorize",
  "InvalidAction",
  "InvalidTimeRangeException",
  "InsightTypeNotValid",
  "ServiceTrailNotExist",
  "InternalFailure",
  "InternalServerError",
  "Forbidden.RAM",
  "Throttling",
  "Throttling.Api",
] as const;

describe("what the vendor's tables have and Backtrail does not send", () => {
  const compatibility = readFileSync("docs/compatibility.md", "utf8");

  it.each(NEVER_SENT)("%s is named in docs/compatibility.md", (code) => {
    expect(compatibility).toContain(`\`${code}\``);
  });

  it.each(NEVER_SENT)("%s is in neither table of ours", (code: string) => {
    expect(() => refusalOfError(command(code as DomainErrorCode))).toThrow(TypeError);
    expect(() => refusalOfError(transport(code as RpcErrorCode))).toThrow(TypeError);
  });
});

/** Of a transport's refusals, those that the vendor's tables have no row for. */
const OWN: readonly RpcErrorCode[] = [
  "UnsupportedHTTPMethod",
  "InvalidContentType",
  "RequestBodyTooLarge",
  "RequestTimeout",
];

it.each(OWN)("%s, which is ours, is named in docs/compatibility.md", (code) => {
  expect(readFileSync("docs/compatibility.md", "utf8")).toContain(`\`${code}\``);
});

it("every refusal of the transport is one of the vendor's rows or one of ours", () => {
  const compared = [...OF_PRODUCT, ...OF_GATEWAY].flatMap(([, , , thrown]) =>
    thrown instanceof RpcError ? [thrown.code] : [],
  );
  expect(new Set([...compared, ...OWN])).toEqual(new Set(RPC_ERROR_CODES));
});
