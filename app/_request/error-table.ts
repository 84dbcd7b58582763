import "server-only";
import type { DomainErrorCode, DomainErrorDetails, JobStatusReason, TrailNotValidReason } from "@/domain/errors.ts";

/** How the console answers a refusal: the status of its GET routes, and a sentence that says what holds and what to do. */
type ErrorAnswer = {
  readonly status: 400 | 403 | 404 | 409 | 503;
  readonly message: (details: DomainErrorDetails) => string;
};

const WHY: Readonly<Record<TrailNotValidReason | JobStatusReason, string>> = {
  "job-ended": "This job has ended already. Nothing was changed.",
  "job-running": "This job has not ended yet. Wait until it has, or cancel it.",
  "job-ending": "This job is ending already. Wait until its last batch is answered.",
  "job-complete": "Every event of this job was delivered, so there is nothing to retry.",
  "job-cancelled": "A cancelled job is not taken up again. Start a new one.",
  "job-deleted": "This job was deleted. Its report stays, but nothing more can be done with it.",
  "nothing-to-retry":
    "Nothing of this job is left to send: what is missing is no longer in history, so a retry cannot bring it back.",
  "not-verified": "This job was not compared with its logstore yet. Verify it first, then send what is missing.",
  "nothing-missing": "Nothing that history still has is missing from the logstore.",
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
      why === undefined ? "The history of this trail cannot be redelivered. Choose another one." : WHY[why],
  },
  InvalidParameterValue: {
    status: 400,
    message: ({ field }) => `The value of ${field ?? "a field"} cannot be used. Correct it and try again.`,
  },
  InvalidParameterCombination: {
    status: 400,
    message: ({ field, jobId }) =>
      field === "trailName"
        ? `Job ${jobId} delivered another trail's history. Send what is missing from the page of that job.`
        : "The window ends before it begins. Choose an end that is later than its start.",
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
    message: ({ why }) =>
      why === undefined ? "There is no such job in this account. Go back to the jobs page." : WHY[why],
  },
  IncorrectDeliveryHistoryJobStatus: {
    status: 409,
    message: ({ why }) =>
      why === undefined ? "This job's state does not allow that. Look at the job first." : WHY[why],
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
