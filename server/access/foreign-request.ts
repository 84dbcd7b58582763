import "server-only";
import type { Actor } from "@/domain/access/scope.ts";
import { prisma } from "@/server/db.ts";
import { writeRefusal } from "./audit.ts";
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
  if (session === null) {
    return;
  }
  const { id, email } = session.user;
  const actor: Actor = { type: "user", id, name: email, from: clientAddressOf(headers) };
  const memberships = await prisma().membership.findMany({ where: { userId: id }, select: { accountId: true } });
  for (const { accountId } of memberships) {
    await writeRefusal({ accountId, actor, action: "ConsoleRequest", errorCode, details });
  }
}
