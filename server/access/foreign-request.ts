import "server-only";
import { auditPersonal } from "./audit.ts";
import { auth } from "./auth.ts";
import { clientAddressOf } from "./client-address.ts";

type Refused = {
  readonly errorCode: string;
  readonly method: string;
  readonly path: string;
  readonly origin: string | null;
};

/**
 * Notes in the audit of each of a signed-in person's accounts that a request which carried their session was refused for where it came
 * from. One without a session is nobody's, and left to the log.
 */
export async function auditForeignRequest(headers: Headers, { errorCode, ...details }: Refused): Promise<void> {
  const session = await auth().api.getSession({ headers });
  if (session !== null) {
    const { id: userId, email } = session.user;
    const from = clientAddressOf(headers);
    await auditPersonal({ userId, email, from, action: "ConsoleRequest", errorCode, details });
  }
}
