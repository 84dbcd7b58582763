import "server-only";
import type { GenericEndpointContext } from "better-auth";
import { APIError } from "better-auth/api";
import type { SessionBeginning } from "@/domain/access/second-factor.ts";
import { prisma } from "@/server/db.ts";
import { CODE_PATHS } from "./auth-hooks.ts";
import { clientAddressOf } from "./client-address.ts";
import { acceptInvitationsOf } from "./invitations.ts";
import { epochOf } from "./session-epoch.ts";
import { auditSignIn } from "./sign-in.ts";
import { CALLBACK_PATH } from "./single-sign-on.ts";

type Beginning = {
  readonly begunBy?: SessionBeginning;
  readonly epoch?: number;
  readonly expiresAt?: Date;
  readonly confirmedAt?: Date;
};

/**
 * Before a session begins, however the person has shown who they are: it begins only for who has a place in some account. Single sign-on
 * takes the places first that the person is invited to, and its refusal is noted here, where it is known whose it is (notes in
 * auth-hooks.ts knows those who give their address). It says by what it began (the column's default: a password alone). One that goes on as
 * another, because an authenticator was set up or taken away in it, began as before, or by the first code; its epoch, its end and when its person
 * last showed who they are stay those of before, of which better-auth would begin the last two anew.
 * @throws APIError NO_ACCOUNT
 */
export async function startSession(
  { userId, begunBy }: { readonly userId: string; readonly begunBy?: unknown },
  ctx: GenericEndpointContext | null,
): Promise<{ readonly data: Beginning }> {
  const isSingleSignOn = ctx?.path === CALLBACK_PATH;
  if (isSingleSignOn) {
    await acceptInvitationsOf(userId, clientAddressOf(ctx.headers));
  }
  if ((await prisma().membership.count({ where: { userId, disabledAt: null } })) === 0) {
    if (isSingleSignOn) {
      const { email } = await prisma().user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
      await auditSignIn(email, clientAddressOf(ctx.headers), "NO_ACCOUNT");
    }
    throw new APIError("FORBIDDEN", { code: "NO_ACCOUNT", message: "This person may do nothing in any account." });
  }
  if (isSingleSignOn) {
    return { data: { begunBy: "single-sign-on", epoch: await epochOf(ctx, userId) } };
  }
  const isByCode = CODE_PATHS.includes(ctx?.path ?? "") && begunBy !== "single-sign-on";
  // A sign-in takes nothing over, by what its session begins neither.
  const before = begunBy === undefined ? null : ctx?.context.session?.session;
  if (before) {
    await endOthersByPassword(userId, before.id);
  }
  return {
    data: {
      ...(before
        ? { expiresAt: before.expiresAt, confirmedAt: before.confirmedAt }
        : { epoch: await epochOf(ctx, userId) }),
      ...(isByCode ? { begunBy: "second-factor" } : {}),
    },
  };
}

/**
 * Ends the person's sessions that a password alone began, but the one that goes on as another, which better-auth ends itself. They hold no longer
 * once an authenticator is set up, and would hold again once it is removed.
 */
async function endOthersByPassword(userId: string, exceptId: string): Promise<void> {
  await prisma().session.deleteMany({ where: { userId, begunBy: "password", id: { not: exceptId } } });
}
