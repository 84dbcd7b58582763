import "server-only";
import type { DomainErrorCode } from "@/domain/errors.ts";

/** The status with which the console's GET routes answer a refusal; its sentence is in error-words.ts. */
const STATUS_OF = {
  NoPermission: 403,
  MissingTrailName: 400,
  InvalidTrailNameException: 400,
  "InvalidClientToken.Malformed": 400,
  IdempotentParameterMismatch: 409,
  TrailNotFoundException: 404,
  TrailAlreadyExistsException: 409,
  MaximumNumberOfTrailsExceededException: 409,
  MaximumNumberOfOrganizationTrailExceeded: 409,
  ForbiddenDeleteTrail: 409,
  InvalidPrefixException: 400,
  CreateLogStoreError: 400,
  InvalidDeliveryConfigurationException: 400,
  SlsProjectDoesNotExistException: 404,
  TrailNotValid: 400,
  InvalidParameterValue: 400,
  InvalidParameterCombination: 400,
  InvalidParameterStartTimeOutOfDate: 400,
  MaximumNumberOfDeliveryHistoryJobsExceededException: 409,
  InvalidNextToken: 400,
  InvalidEvents: 400,
  DeliveryHistoryJobNotFound: 404,
  IncorrectDeliveryHistoryJobStatus: 409,
  MembershipAlreadyExists: 409,
  MemberNotFound: 404,
  LastAdmin: 409,
  PersonOfOtherAccounts: 409,
  InvitationNotFound: 404,
  PasswordResetNotFound: 404,
  PasswordRefused: 400,
  PasswordMismatch: 400,
  IdentityNotConfirmed: 400,
  ReauthenticationRequired: 403,
  SessionNotFound: 404,
  TooManyTries: 429,
  AccountNotFound: 404,
  AccountSwitched: 409,
  LogProjectAlreadyExists: 409,
  LogProjectInUse: 409,
  LogProjectBuiltIn: 409,
  LogProjectKeyRequired: 400,
  LogProjectKeyUnreadable: 409,
  ConnectionTestRunning: 409,
  ServiceUnavailable: 503,
} as const satisfies Record<DomainErrorCode, 400 | 403 | 404 | 409 | 429 | 503>;

export function statusOf(code: DomainErrorCode): number {
  return STATUS_OF[code];
}
