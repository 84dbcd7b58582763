/** What an endpoint of better-auth answered: its data, or the code of its refusal. */
export type AuthAnswer =
  | { readonly ok: true; readonly data: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly refusal: AuthRefusal };

/** Why something was refused, as far as a person can do something about it. */
export type AuthRefusal =
  | "no-answer"
  | "mismatch"
  | "no-address"
  | "too-many"
  | "no-account"
  | "code-wrong"
  | "code-used"
  | "started-over"
  | "link-gone"
  | "password-length"
  | "password-breached"
  | "password-wrong"
  | "second-factor-required"
  | "sign-in-again"
  | "field-wrong"
  | "fault";

const REFUSAL_OF_CODE: Readonly<Record<string, AuthRefusal>> = {
  INVALID_EMAIL_OR_PASSWORD: "mismatch",
  INVALID_EMAIL: "no-address",
  TOO_MANY_REQUESTS: "too-many",
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: "started-over",
  NO_ACCOUNT: "no-account",
  INVALID_CODE: "code-wrong",
  INVALID_BACKUP_CODE: "code-wrong",
  CODE_USED: "code-used",
  CODE_NOT_ASKED: "started-over",
  INVALID_TWO_FACTOR_COOKIE: "started-over",
  INVALID_PASSWORD: "password-wrong",
  UNAUTHORIZED: "sign-in-again",
  SecondFactorRequired: "second-factor-required",
  ReauthenticationRequired: "sign-in-again",
  InvitationNotFound: "link-gone",
  PasswordResetNotFound: "link-gone",
};

/** Asks better-auth for something; cookies come with the answer. */
export async function postToAuth(path: string, body: object): Promise<AuthAnswer> {
  const response = await fetch(`/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (response === null) {
    return { ok: false, refusal: "no-answer" };
  }
  const data: unknown = await response.json().catch(() => null);
  const fields = typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
  return response.ok ? { ok: true, data: fields } : { ok: false, refusal: refusalOf(response.status, fields) };
}

function refusalOf(status: number, { code, message }: Readonly<Record<string, unknown>>): AuthRefusal {
  if (code === "PasswordRefused") {
    return message === "password-breached" ? "password-breached" : "password-length";
  }
  if (code === "VALIDATION_ERROR") {
    // better-auth names the field by its path alone.
    const field = /\[body\.(\w+)\]/.exec(String(message))?.[1];
    return field === "email" ? "no-address" : field === "password" ? "password-length" : "field-wrong";
  }
  return REFUSAL_OF_CODE[String(code)] ?? (status === 429 ? "too-many" : "fault");
}
