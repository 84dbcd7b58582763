import "server-only";

/** Who is signed in, and with which session. Made by the session's gate alone, from what the signed cookie opens. */
export type SignedInPerson = {
  readonly userId: string;
  /** How they are called in the audit. */
  readonly email: string;
  readonly sessionId: string;
  /** When they last showed who they are in this session. */
  readonly confirmedAt: Date;
  /** The client's address. */
  readonly from: string | null;
};

/** How long a sign-in, password or code vouches for what is done next. Longer would leave an open screen to whoever passes by. */
const FRESH_MS = 10 * 60_000;

/** Whether somebody showed who they are so recently that people may be invited, roles and authenticators changed. */
export function isRecent(confirmedAt: Date | null): boolean {
  return confirmedAt !== null && confirmedAt.getTime() > Date.now() - FRESH_MS;
}
