import type { DomainErrorCode } from "@/domain/errors.ts";

/** What a person is told of a refusal or a fault. */
export type ActionError = {
  /** `SessionEnded` and `Fault` are the console's own; a fault's message names the reference under which it is logged. */
  readonly code: DomainErrorCode | "SessionEnded" | "Fault";
  readonly message: string;
  /** The input field at fault, where one is. */
  readonly field?: string;
  /** The job that the message speaks of. */
  readonly jobId?: number;
};

/** What a server action answers. Expected refusals are returned, never thrown. */
export type ActionResult<Data> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly error: ActionError };

/** Whether the answer settles what became of the request; after any other, the same request is sent again. */
export function isDefinite(error: ActionError): boolean {
  return error.code !== "SessionEnded" && error.code !== "Fault" && error.code !== "ServiceUnavailable";
}
