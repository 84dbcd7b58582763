/** Whether an installation leaves a second factor to each person, or demands it of all who sign in with a password. */
export const SECOND_FACTOR_DEMANDS = ["optional", "required"] as const;
type SecondFactorDemand = (typeof SECOND_FACTOR_DEMANDS)[number];

/**
 * Whether a second factor is demanded of this person, so that their authenticator is not for them to remove: of whoever can sign in with a
 * password. For who cannot, the single sign-on's provider answers.
 */
export function isSecondFactorRequired(
  demand: SecondFactorDemand,
  { hasPassword }: { readonly hasPassword: boolean },
): boolean {
  return demand === "required" && hasPassword;
}

/**
 * By what a session's person has shown who they are: a password alone, which sessions of whoever sets up an authenticator do not outlast; a
 * password and a code; or the word of single sign-on's provider.
 */
export type SessionBeginning = "password" | "second-factor" | "single-sign-on";

/**
 * Whether a session opens nothing but the page where its person sets up an authenticator. Judged at every request, so that it begins with
 * the setting, or when somebody takes the authenticator away, and ends with the first code.
 */
export function owesSecondFactor(
  demand: SecondFactorDemand,
  session: { readonly begunBy: SessionBeginning; readonly hasTwoFactor: boolean },
): boolean {
  return demand === "required" && session.begunBy !== "single-sign-on" && !session.hasTwoFactor;
}

/** What is left to sign in with to somebody whose authenticator is taken away: "set-up" is a password that opens only where another is set up. */
export type EntranceLeft = "set-up" | "password" | "single-sign-on";

export function entranceWithoutTwoFactor(member: {
  readonly hasPassword: boolean;
  readonly isTwoFactorRequired: boolean;
}): EntranceLeft {
  if (!member.hasPassword) {
    return "single-sign-on";
  }
  return member.isTwoFactorRequired ? "set-up" : "password";
}
