/**
 * Every sentence that the engine itself stores with an event, a slice, a job, a verification or a sink in trouble, in English. The
 * console tells them in the reader's language (components/history-job/engine-words.ts), which knows them by these same texts, so
 * none can be written that it has no words for. What they take are texts, too: numbers have to be written out before.
 */
export const ENGINE_SENTENCES = {
  conflict: () => "LogConflict: the logstore already has this event with another text.",
  otherReasons: () => "Other reasons",
  pausedTooLong: (hours: string) =>
    `The job was paused for ${hours} hours and was cancelled, so that the account's slot is free again.`,
  noAcknowledgement: (lastAnswer: string) => `no acknowledgement for 6 hours; the last answer: ${lastAnswer}`,
  refusedThroughout: (lastAnswer: string) =>
    `${lastAnswer} (twenty logs in a row were refused alone; the rest was not tried)`,
  miscount: () => "The log service took a batch but did not account for all of its logs.",
  unknownProject: (project: string, region: string) =>
    `The log project ${project} in ${region} is not known to Backtrail.`,
  keyUnreadable: (project: string, region: string) =>
    `The log project ${project} in ${region} has a stored key that cannot be read: it was changed, or BACKTRAIL_SECRET is not the one it was stored under.`,
  superseded: () => "The job was taken up again while it was compared. A newer comparison takes this one's place.",
  comparisonFault: () =>
    "The comparison failed several times through a fault of Backtrail's own. The worker's log has the cause. Verify again later.",
  // Of an endpoint with several addresses, where each has its own.
  several: (first: string, others: string) => `${first}; ${others}`,
  noAnswerWithin: (ms: string) => `no answer within ${ms} ms`,
  noConnectionWithin: (ms: string) => `no connection within ${ms} ms`,
  notAnsweredInTime: () => "the request was taken but not answered in time",
  answerStopped: () => "the answer stopped in the middle",
  connectionClosed: () => "the connection was closed before the answer was there",
  nameUnknown: (detail: string) => `the name of the endpoint is not known (${detail})`,
  nameNotLookedUp: (detail: string) => `the name of the endpoint could not be looked up (${detail})`,
  nothingListens: (detail: string) => `nothing listens at the endpoint (${detail})`,
  connectionReset: (detail: string) => `the connection was reset (${detail})`,
  closedWhileSending: (detail: string) => `the connection was closed while the request was being sent (${detail})`,
  endpointUnreachable: (detail: string) => `the endpoint cannot be reached (${detail})`,
  certificateOfOther: (detail: string) =>
    `the certificate of what answers at the endpoint is for another name (${detail})`,
  certificateExpired: (detail: string) => `the certificate of the endpoint has expired (${detail})`,
  certificateUntrusted: (detail: string) =>
    `the certificate of the endpoint is from an authority that is not trusted here (${detail})`,
  noTls: (detail: string) => `what answers at the endpoint does not speak TLS there (${detail})`,
  inwardAddress: () => "the address is not on the public Internet, and PRIVATE_ENDPOINTS does not permit it",
  answerTooLong: (bytes: string) => `the answer is longer than ${bytes} bytes`,
  notBuiltIn: (endpoint: string) => `What answers at ${endpoint} is not the built-in log service.`,
  bareStatus: (status: string) => `HTTP status ${status} without an error of a log service`,
  // Last, because it fits every text with a colon.
  coded: (code: string, message: string) => `${code}: ${message}`,
} as const satisfies Readonly<Record<string, (...parts: string[]) => string>>;
