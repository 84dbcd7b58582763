/** Asks for a session; the cookie comes with the answer. Null when it was given, else a sentence that says why not. */
export async function signIn(email: string, password: string): Promise<string | null> {
  const response = await fetch("/api/auth/sign-in/email", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  }).catch(() => null);
  if (response === null) {
    return "The console gives no answer. Check that it is running, then try again.";
  }
  if (response.ok) {
    return null;
  }
  switch (response.status) {
    case 401:
      return "E-mail and password do not match. Check both and try again.";
    case 400:
      return "This is not an e-mail address that can sign in. Check it and try again.";
    case 429:
      return "Too many tries. Wait a minute, then try again.";
    default:
      return "Signing in failed on our side. Try again in a moment.";
  }
}
