import type { EventsFault } from "./event/put-events.ts";

/**
 * Every way an intention can be refused. The codes are the vendor's where it has one (actiontrail.md, 2.2 and 2.3); the
 * edges map each to their own answer and fail to compile when one is missing.
 */
export type DomainErrorCode =
  | "NoPermission"
  | "MissingTrailName"
  | "InvalidTrailNameException"
  | "InvalidClientToken.Malformed"
  | "IdempotentParameterMismatch"
  | "TrailNotFoundException"
  | "TrailAlreadyExistsException"
  | "MaximumNumberOfTrailsExceededException"
  | "MaximumNumberOfOrganizationTrailExceeded"
  | "ForbiddenDeleteTrail"
  | "InvalidPrefixException"
  | "CreateLogStoreError"
  | "InvalidDeliveryConfigurationException"
  | "SlsProjectDoesNotExistException"
  | "TrailNotValid"
  | "InvalidParameterValue"
  | "InvalidParameterCombination"
  | "InvalidParameterStartTimeOutOfDate"
  | "MaximumNumberOfDeliveryHistoryJobsExceededException"
  | "InvalidNextToken"
  | "InvalidEvents"
  | "DeliveryHistoryJobNotFound"
  | "IncorrectDeliveryHistoryJobStatus"
  | "MembershipAlreadyExists"
  | "MemberNotFound"
  | "LastAdmin"
  | "PersonOfOtherAccounts"
  | "InvitationNotFound"
  | "PasswordResetNotFound"
  | "PasswordRefused"
  | "PasswordMismatch"
  | "IdentityNotConfirmed"
  | "ReauthenticationRequired"
  | "SecondFactorRequired"
  | "OwnSecondFactorRequired"
  | "SessionNotFound"
  | "AccessKeyNotFound"
  | "AccessKeyRotated"
  | "AccessKeyPolicyUnreadable"
  | "TooManyTries"
  | "AccountNotFound"
  | "AccountSwitched"
  | "LogProjectAlreadyExists"
  | "LogProjectInUse"
  | "LogProjectBuiltIn"
  | "LogProjectKeyRequired"
  | "LogProjectKeyUnreadable"
  | "ConnectionTestRunning"
  | "ServiceUnavailable";

/** Facts that let an edge say more than the code does. */
export type DomainErrorDetails = {
  /** The job that holds the account's slot, or that the token belongs to. */
  readonly jobId?: number;
  /** Which of several reasons behind one code holds. */
  readonly why?: TrailNotValidReason | JobStatusReason | LookupReason | PasswordReason;
  /** Why events were not taken. */
  readonly events?: EventsFault;
  /** The input field at fault. */
  readonly field?: string;
  /** The trails that are in the way. */
  readonly trailNames?: readonly string[];
};

/** Why history of a trail cannot be redelivered. */
export type TrailNotValidReason =
  | "organization-trail"
  | "no-sls-destination"
  | "never-took-effect"
  | "took-effect-before-history"
  | "no-log-project";

/** Why a job's state does not allow what was asked for. */
export type JobStatusReason =
  | "job-ended"
  | "job-running"
  | "job-ending"
  | "job-complete"
  | "job-cancelled"
  | "job-deleted"
  | "nothing-to-retry"
  | "not-verified"
  | "nothing-missing";

/** Why events could not be looked up just now. */
export type LookupReason = "lookup-too-slow";

/** Why a password is not taken. */
export type PasswordReason = "password-length" | "password-breached";

/** A refusal that a caller can act on. Anything else that is thrown is a fault of ours. */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly code: DomainErrorCode;
  readonly details: DomainErrorDetails;

  constructor(code: DomainErrorCode, details: DomainErrorDetails = {}, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.details = details;
  }
}
