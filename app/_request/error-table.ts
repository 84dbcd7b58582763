import "server-only";
import type { DomainErrorCode, DomainErrorDetails, TrailNotValidReason } from "@/domain/errors.ts";

/** How the console answers a refusal: the status of its GET routes, and a sentence that says what holds and what to do. */
type ErrorAnswer = {
  readonly status: 400 | 403 | 404 | 409 | 503;
  readonly message: (details: DomainErrorDetails) => string;
};

const TRAIL_NOT_VALID: Readonly<Record<TrailNotValidReason, string>> = {
  "organization-trail":
    "This is an organization trail. Redelivery works for single-account trails: choose one of those.",
  "no-sls-destination":
    "This trail does not deliver to Log Service. Redelivery needs a trail that does: choose another one.",
  "never-took-effect":
    "This trail was never enabled, so there is no time before it took effect. Choose another window.",
  "took-effect-before-history":
    "This trail took effect before the 90 days that history keeps, so nothing older is there to send. Choose another window.",
  "no-log-project": "This trail's log project is not known to this account. Ask an admin to add it, then try again.",
};

const ERROR_TABLE = {
  NoPermission: {
    status: 403,
    message: () => "Your role in this account does not allow this. Ask an operator or an admin to do it.",
  },
  MissingTrailName: { status: 400, message: () => "No trail was named. Choose one on the trails page." },
  InvalidTrailNameException: {
    status: 400,
    message: () => "No trail can have this name. Choose one on the trails page.",
  },
  "InvalidClientToken.Malformed": {
    status: 400,
    message: () => "A client token has 1 to 64 printable ASCII characters. Change it, or make a new one.",
  },
  IdempotentParameterMismatch: {
    status: 409,
    message: ({ jobId }) =>
      `This client token has already started ${jobId === undefined ? "a job" : `job ${jobId}`} with another request. ` +
      "Start again with a new token if you want this one as well.",
  },
  TrailNotFoundException: {
    status: 404,
    message: () => "There is no such trail in this account any more. Go back to the trails page.",
  },
  TrailAlreadyExistsException: {
    status: 409,
    message: () => "A trail of this name exists in this account. Choose another name.",
  },
  InvalidDeliveryConfigurationException: {
    status: 400,
    message: () =>
      "The trail names no destination that can be delivered to. Choose a Log Service project or an OSS bucket.",
  },
  SlsProjectDoesNotExistException: {
    status: 404,
    message: () => "There is no such log project in this account. Choose another, or ask an admin to add it.",
  },
  TrailNotValid: {
    status: 400,
    message: ({ why }) =>
      why === undefined ? "The history of this trail cannot be redelivered. Choose another one." : TRAIL_NOT_VALID[why],
  },
  InvalidParameterValue: {
    status: 400,
    message: ({ field }) => `The value of ${field ?? "a field"} cannot be used. Correct it and try again.`,
  },
  InvalidParameterCombination: {
    status: 400,
    message: () => "The window ends before it begins. Choose an end that is later than its start.",
  },
  InvalidParameterStartTimeOutOfDate: {
    status: 400,
    message: () => "The window begins more than 90 days ago, and history keeps 90 days. Choose a later start.",
  },
  MaximumNumberOfDeliveryHistoryJobsExceededException: {
    status: 409,
    message: ({ jobId }) =>
      jobId === undefined
        ? "Another job is delivering in this account. Wait until it has ended, then try again."
        : `Job ${jobId} is delivering in this account. Watch it, or wait until it has ended.`,
  },
  DeliveryHistoryJobNotFound: {
    status: 404,
    message: () => "There is no such job in this account. Go back to the jobs page.",
  },
  MembershipAlreadyExists: {
    status: 409,
    message: () => "This person is in the account already. Change their role instead.",
  },
  ServiceUnavailable: {
    status: 503,
    message: () => "Too many requests at once. Try again in a moment: the same token never starts a second job.",
  },
} satisfies Record<DomainErrorCode, ErrorAnswer>;

export function answerTo(code: DomainErrorCode, details: DomainErrorDetails): { status: number; message: string } {
  const answer: ErrorAnswer = ERROR_TABLE[code];
  return { status: answer.status, message: answer.message(details) };
}
