import "server-only";
import { randomUUID } from "node:crypto";
import { DomainError } from "@/domain/errors.ts";
import { asRefusal } from "@/server/bounded-pool.ts";
import { log } from "@/server/log.ts";
import type { ActionError } from "./action-result.ts";
import { statusOf } from "./error-table.ts";
import { errorWords } from "./error-words.ts";
import { getWords } from "./preferences.ts";
import { SessionEndedError } from "./session.ts";

/**
 * What a person is told of something thrown: a refusal in the words of the error table; anything else is a fault, logged in
 * full under a reference, of which they see the reference only.
 */
export async function answerToThrown(error: unknown): Promise<{ status: number; error: ActionError }> {
  const thrown = asRefusal(error);
  const words = await getWords(errorWords);
  if (thrown instanceof DomainError) {
    const { jobId, field } = thrown.details;
    return {
      status: statusOf(thrown.code),
      error: {
        code: thrown.code,
        message: words.refusals[thrown.code](thrown.details),
        ...(field === undefined ? {} : { field }),
        ...(jobId === undefined ? {} : { jobId }),
      },
    };
  }
  if (thrown instanceof SessionEndedError) {
    return {
      status: 401,
      error: { code: "SessionEnded", message: words.sessionEnded },
    };
  }
  const reference = randomUUID();
  log.error({ err: thrown, reference }, "console request failed");
  return {
    status: 500,
    error: { code: "Fault", message: words.fault(reference) },
  };
}
