/** Why there is no session. */
export type SignInRefusal = "no-answer" | "mismatch" | "no-address" | "too-many" | "fault";

/** Asks for a session; the cookie comes with the answer. Null when it was given. */
export async function signIn(email: string, password: string): Promise<SignInRefusal | null> {
  const response = await fetch("/api/auth/sign-in/email", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  }).catch(() => null);
  if (response === null) {
    return "no-answer";
  }
  if (response.ok) {
    return null;
  }
  switch (response.status) {
    case 401:
      return "mismatch";
    case 400:
      return "no-address";
    case 429:
      return "too-many";
    default:
      return "fault";
  }
}
