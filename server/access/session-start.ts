import "server-only";
import type { GenericEndpointContext } from "better-auth";
import { APIError } from "better-auth/api";
import { prisma } from "@/server/db.ts";
import { clientAddressOf } from "./client-address.ts";
import { acceptInvitationsOf } from "./invitations.ts";
import { auditSignIn } from "./sign-in.ts";
import { CALLBACK_PATH } from "./single-sign-on.ts";

/**
 * Before a session begins, however the person has shown who they are: it begins only for who has a place in some account. Single sign-on
 * takes the places first that the person is invited to, and its refusal is noted here, where it is known whose it is (notes in
 * auth-hooks.ts knows those who give their address).
 * @throws APIError NO_ACCOUNT
 */
export async function startSession(
  { userId }: { readonly userId: string },
  ctx: GenericEndpointContext | null,
): Promise<void> {
  if (ctx?.path === CALLBACK_PATH) {
    await acceptInvitationsOf(userId, clientAddressOf(ctx.headers));
  }
  if ((await prisma().membership.count({ where: { userId, disabledAt: null } })) === 0) {
    if (ctx?.path === CALLBACK_PATH) {
      const { email } = await prisma().user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
      await auditSignIn(email, clientAddressOf(ctx.headers), "NO_ACCOUNT");
    }
    throw new APIError("FORBIDDEN", { code: "NO_ACCOUNT", message: "This person may do nothing in any account." });
  }
}
