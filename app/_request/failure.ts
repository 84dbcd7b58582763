import "server-only";
import { randomUUID } from "node:crypto";
import { DomainError } from "@/domain/errors.ts";
import { log } from "@/server/log.ts";
import type { ActionError } from "./action-result.ts";
import { answerTo } from "./error-table.ts";
import { SessionEndedError } from "./session.ts";

/**
 * What a person is told of something thrown: a refusal in the words of the error table; anything else is a fault, logged in
 * full under a reference, of which they see the reference only.
 */
export function answerToThrown(thrown: unknown): { status: number; error: ActionError } {
  if (thrown instanceof DomainError) {
    const { status, message } = answerTo(thrown.code, thrown.details);
    const { jobId, field } = thrown.details;
    return {
      status,
      error: {
        code: thrown.code,
        message,
        ...(field === undefined ? {} : { field }),
        ...(jobId === undefined ? {} : { jobId }),
      },
    };
  }
  if (thrown instanceof SessionEndedError) {
    return {
      status: 401,
      error: { code: "SessionEnded", message: "Your session has ended. Sign in again, then try once more." },
    };
  }
  const reference = randomUUID();
  log.error({ err: thrown, reference }, "console request failed");
  return {
    status: 500,
    error: { code: "Fault", message: `Something failed on our side. It is logged under the reference ${reference}.` },
  };
}
