import "server-only";
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import {
  acceptInvitationInputSchema,
  openLinkInputSchema,
  requestPasswordResetInputSchema,
  resetPasswordInputSchema,
} from "@/domain/access/schema.ts";
import { DomainError } from "@/domain/errors.ts";
import { log } from "@/server/log.ts";
import { clientAddressOf } from "./client-address.ts";
import { acceptInvitation, INVITATION_DAYS } from "./invitations.ts";
import { rememberDevice } from "./known-device.ts";
import { linkCookie } from "./links.ts";
import { canMail } from "./mail.ts";
import { RESET_MS, requestPasswordReset, resetPassword } from "./password-resets.ts";
import { countTry } from "./tries.ts";

/** As long as any link of the page holds: who comes back to it, from a sign-in or another day, finds it still open. */
const LINK_KEPT_S = { invitation: INVITATION_DAYS * 86_400, "reset-password": RESET_MS / 1_000 } as const;

/** Mails to one person, whoever asks for them. */
const RESET_MAIL_LIMIT = { max: 3, windowS: 3_600 };

/**
 * What people do before they are signed in, as endpoints of better-auth: it checks their origin, and gives sessions and signed cookies.
 * A refusal answers with our code.
 */
export function peopleEndpoints() {
  return {
    id: "people",
    endpoints: {
      /** Keeps the secret of a link for the page that it leads to, which has found it in its address; opens nothing by itself. */
      openLink: createAuthEndpoint("/people/open-link", { method: "POST", body: openLinkInputSchema }, async (ctx) => {
        const { page, token } = ctx.body;
        const { name, attributes } = ctx.context.createAuthCookie(linkCookie(page), { maxAge: LINK_KEPT_S[page] });
        ctx.setCookie(name, token, attributes);
        return ctx.json({ isTaken: true });
      }),
      /** Makes the invited person and signs them in. */
      acceptInvitation: createAuthEndpoint(
        "/people/accept-invitation",
        { method: "POST", body: acceptInvitationInputSchema },
        async (ctx) => {
          const { userId } = await orRefusal(acceptInvitation(ctx.body, clientAddressOf(ctx.headers)));
          const user = await ctx.context.internalAdapter.findUserById(userId);
          const session = await ctx.context.internalAdapter.createSession(userId);
          if (user !== null) {
            await setSessionCookie(ctx, { session, user });
          }
          return ctx.json({ isSignedIn: true });
        },
      ),
      /** Sets a new password. The person signs in with it next, and no stranger's tries keep them from it. */
      resetPasswordByLink: createAuthEndpoint(
        "/people/reset-password",
        { method: "POST", body: resetPasswordInputSchema },
        async (ctx) => {
          const { email } = await orRefusal(resetPassword(ctx.body, clientAddressOf(ctx.headers)));
          await rememberDevice(ctx, email);
          return ctx.json({ email });
        },
      ),
      /** For our own code alone, as it has no path: marks the browser of who has set a new password while signed in. */
      rememberBrowser: createAuthEndpoint(
        { method: "POST", body: z.object({ email: z.string() }) },
        async (ctx): Promise<void> => rememberDevice(ctx, ctx.body.email),
      ),
      /** Answers the same at once, whoever has the address or nobody. */
      requestPasswordResetByMail: createAuthEndpoint(
        "/people/request-password-reset",
        { method: "POST", body: requestPasswordResetInputSchema },
        async (ctx) => {
          if (!canMail()) {
            throw new APIError("NOT_FOUND");
          }
          const { email } = ctx.body;
          if ((await countTry(["reset-mail", email], RESET_MAIL_LIMIT)) === "allowed") {
            sendInBackground(ctx, email);
          }
          return ctx.json({ isTaken: true });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}

/** What our own code asks better-auth of a request; no address leads here. */
export function requestEndpoints() {
  return {
    id: "request",
    endpoints: {
      /**
       * The token of the request's session cookie when its signature is ours, else null. Says nothing of its session (findHeldSession), which
       * better-auth's own reading would ask the database for, and for its person with another statement.
       */
      readSessionToken: createAuthEndpoint(
        { method: "GET", requireHeaders: true },
        async (ctx) =>
          (await ctx.getSignedCookie(ctx.context.authCookies.sessionToken.name, ctx.context.secret)) || null,
      ),
    },
  } satisfies BetterAuthPlugin;
}

/** Not waited for: the time of the answer would say whether there was a mail to send. */
function sendInBackground(ctx: GenericEndpointContext, email: string): void {
  requestPasswordReset(email, clientAddressOf(ctx.headers)).catch((error: unknown) => {
    log.error({ err: error }, "a link for a new password could not be made");
  });
}

async function orRefusal<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DomainError) {
      throw new APIError("BAD_REQUEST", { code: error.code, message: error.details.why ?? error.code });
    }
    throw error;
  }
}
