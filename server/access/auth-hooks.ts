import "server-only";
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { APIError, createAuthMiddleware, isAPIError } from "better-auth/api";
import { z } from "zod";
import type { PersonalAction } from "@/domain/access/action.ts";
import { isSecondFactorRequired } from "@/domain/access/second-factor.ts";
import { prisma } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { log } from "@/server/log.ts";
import { auditPersonal } from "./audit.ts";
import { clientAddressOf } from "./client-address.ts";
import { rememberDevice } from "./known-device.ts";
import { isRecent } from "./person.ts";
import { beginInEpoch, goOnInEpoch } from "./session-epoch.ts";
import { findHeldSession } from "./sessions.ts";
import { auditSignIn, isUnusedCode, limitAddress, limitCode, limitSignIn, limitSingleSignOn } from "./sign-in.ts";
import { CALLBACK_PATH, LEAVE_PATH } from "./single-sign-on.ts";

export const SIGN_IN_PATH = "/sign-in/email";
/** Of the two that take a code, the one that also completes the setting up of an authenticator. */
const SET_UP_PATH = "/two-factor/verify-totp";
export const CODE_PATHS: readonly string[] = [SET_UP_PATH, "/two-factor/verify-backup-code"];
const REMOVAL_PATH = "/two-factor/disable";
const OPEN_LINK_PATH = "/people/open-link";
const LINK_PATHS = ["/people/accept-invitation", "/people/reset-password", "/people/request-password-reset"];

/** What a person does with their authenticator once they are signed in; the code that completes it comes to SET_UP_PATH. */
const TWO_FACTOR_ACTIONS: Readonly<Record<string, PersonalAction>> = {
  "/two-factor/enable": "backtrail:EnableTwoFactor",
  [REMOVAL_PATH]: "backtrail:DisableTwoFactor",
  "/two-factor/generate-backup-codes": "backtrail:CreateBackupCodes",
};

/** Paths for who has a session, or has begun to sign in. */
const SESSION_PATHS = [...CODE_PATHS, ...Object.keys(TWO_FACTOR_ACTIONS), "/sign-out"];

/** better-auth's own name of the cookie between password and second factor. */
const TWO_FACTOR_COOKIE = "two_factor";
/** And of the one by which earlier releases let a browser sign in without a code. */
const TRUST_COOKIE = "trust_device";

/**
 * The endpoints of better-auth that Backtrail uses. All others are closed: what they change would be in no audit, and people
 * are made by our own commands alone.
 */
export const OPEN_PATHS: readonly string[] = [
  SIGN_IN_PATH,
  LEAVE_PATH,
  CALLBACK_PATH,
  OPEN_LINK_PATH,
  ...LINK_PATHS,
  ...SESSION_PATHS,
];

/**
 * What our own code calls beside those. To a browser better-auth's session would say too much: its token, which no script is to have, and
 * also of one that holds no longer (findHeldSession). "/" stands for the endpoints without a path.
 */
const SERVER_PATHS: readonly string[] = ["/get-session", "/"];

/** As people are stored: better-auth looks them up in lower case. */
const signInSchema = z.object({ email: z.email().toLowerCase() });

/**
 * All that leaving for the provider takes. better-auth would also take an identity token in its place, which anybody who has got hold of one could
 * hand in: no state, nonce or PKCE ties it to this browser. It would widen the scopes that are asked for, too, and add to the provider's address.
 */
const leaveSchema = z.strictObject({
  provider: z.string(),
  callbackURL: z.string().optional(),
  errorCallbackURL: z.string().optional(),
  disableRedirect: z.boolean().optional(),
});

/** Whoever a request comes from, before it is answered: afterwards the session may be gone, or another. */
type Requester = {
  readonly userId: string;
  readonly email: string;
  readonly hasPassword: boolean;
  readonly hasTwoFactor: boolean;
  /** Null for who has shown the password and not yet the second factor. */
  readonly confirmedAt: Date | null;
};

/** By the context of the request, which is one object until its answer. */
const requesters = new WeakMap<object, Requester>();

/**
 * Refuses what is closed or tried too often, single sign-on by other ways than through the provider, sessions that hold no longer, codes that were
 * used or nobody asked for, and to remove what is required.
 */
export const beforeRequest = createAuthMiddleware(async (ctx) => {
  if (!OPEN_PATHS.includes(ctx.path) && !(isByServer(ctx) && SERVER_PATHS.includes(ctx.path))) {
    throw new APIError("NOT_FOUND");
  }
  if (ctx.path === SIGN_IN_PATH) {
    const signIn = signInSchema.safeParse(ctx.body);
    await (signIn.success ? limitSignIn(ctx, signIn.data.email) : limitAddress(ctx, "password"));
    if (signIn.success) {
      await beginInEpoch(ctx, signIn.data.email);
    }
    await endTrust(ctx);
  } else if (ctx.path === CALLBACK_PATH) {
    await limitSingleSignOn(ctx);
  } else if (ctx.path === LEAVE_PATH) {
    await limitSingleSignOn(ctx);
    if (!leaveSchema.safeParse(ctx.body).success) {
      throw new APIError("BAD_REQUEST", { code: "VALIDATION_ERROR", message: "Single sign-on takes none of this." });
    }
  } else if (LINK_PATHS.includes(ctx.path)) {
    await limitAddress(ctx, "link");
  } else if (SESSION_PATHS.includes(ctx.path)) {
    await judgeRequester(ctx);
  }
});

/** A browser that was trusted before nobody's could be is asked for a code, too: what its cookie names is gone before better-auth looks for it. */
async function endTrust(ctx: GenericEndpointContext): Promise<void> {
  const trust = await ctx.getSignedCookie(ctx.context.createAuthCookie(TRUST_COOKIE).name, ctx.context.secret);
  const identifier = trust ? trust.split("!")[1] : undefined;
  if (identifier !== undefined) {
    await ctx.context.internalAdapter.deleteVerificationByIdentifier(identifier);
  }
}

async function judgeRequester(ctx: GenericEndpointContext): Promise<void> {
  const requester = await findRequester(ctx);
  if (requester === null) {
    return;
  }
  requesters.set(ctx.context, requester);
  const isCode = CODE_PATHS.includes(ctx.path);
  if (isCode || ctx.path in TWO_FACTOR_ACTIONS) {
    await limitCode(ctx, requester.email);
  }
  if (isCode && requester.confirmedAt !== null && !isCodeAskedFor(ctx, requester)) {
    await noteOutcome(ctx, requester, "CODE_NOT_ASKED");
    throw new APIError("FORBIDDEN", { code: "CODE_NOT_ASKED", message: "Nothing here asks for this code." });
  }
  // better-auth would ask a browser that is trusted for no code for 30 days, which no list shows and nobody could end.
  if (isCode && ctx.body?.trustDevice) {
    await noteOutcome(ctx, requester, "TRUST_REFUSED");
    throw new APIError("BAD_REQUEST", { code: "TRUST_REFUSED", message: "Every sign-in asks for a code here." });
  }
  const code: unknown = ctx.body?.code;
  if (isCode && typeof code === "string" && !(await isUnusedCode(requester.userId, code))) {
    await noteOutcome(ctx, requester, "CODE_USED");
    throw new APIError("UNAUTHORIZED", { code: "CODE_USED", message: "This code was used. Wait for the next one." });
  }
  if (ctx.path === REMOVAL_PATH && isSecondFactorRequired(env().SECOND_FACTOR, requester)) {
    await noteOutcome(ctx, requester, "SecondFactorRequired");
    throw new APIError("FORBIDDEN", { code: "SecondFactorRequired", message: "A second factor is required here." });
  }
  // Who has a password gives it with the request. Others come by single sign-on, and have to have come just now.
  if (ctx.path in TWO_FACTOR_ACTIONS && !requester.hasPassword && !isRecent(requester.confirmedAt)) {
    await noteOutcome(ctx, requester, "ReauthenticationRequired");
    throw new APIError("FORBIDDEN", { code: "ReauthenticationRequired", message: "Sign in again first." });
  }
}

/**
 * Whether a signed-in person's code is for something: for an authenticator that they set up, or, where the server asks with a request of its
 * own (identity.ts), for confirming who they are. Elsewhere a session that was left open would be a place to guess at codes.
 */
function isCodeAskedFor(ctx: GenericEndpointContext, { hasTwoFactor }: Requester): boolean {
  return isByServer(ctx) || (!hasTwoFactor && ctx.path === SET_UP_PATH);
}

/** Whether our own code asks, by auth().api, and no request of a browser is behind it. */
function isByServer(ctx: GenericEndpointContext): boolean {
  return ctx.request === undefined;
}

/**
 * Notes in the audit what came of a request, marks the browser of who has signed in, ends the session they had before, and takes the session's
 * token, which no script is to have, out of the answer.
 */
export function notes() {
  const handler = createAuthMiddleware(async (ctx) => {
    const { returned, responseHeaders, newSession } = ctx.context;
    const errorCode =
      isAPIError(returned) && returned.statusCode >= 400
        ? (returned.body?.code ?? "Failed")
        : errorOfCallback(ctx.path, responseHeaders);
    const requester = requesters.get(ctx.context) ?? null;
    if (newSession && (requester === null || requester.confirmedAt === null)) {
      await noteSignIn(ctx, newSession.user.email, newSession.session.token);
    } else if (requester !== null) {
      await noteOutcome(ctx, requester, errorCode);
      if (newSession) {
        // The session goes on as another, because an authenticator was set up or taken away here: the browser was known under what was before.
        await rememberDevice(ctx, requester.email);
      }
    } else if (errorCode !== null) {
      await noteStrangersRefusal(ctx, errorCode);
    } else if (ctx.path === SIGN_IN_PATH) {
      // The code is still to come, and this answer takes the cookie away by which the session of before would be found then.
      await endSessionOfCookie(ctx, null);
    }
    return withoutToken(returned);
  });
  return { id: "notes", hooks: { after: [{ matcher: () => true, handler }] } } satisfies BetterAuthPlugin;
}

/** An answer without the token that better-auth gives with whoever has shown who they are; undefined, which changes nothing, where there is none. */
function withoutToken(returned: unknown): object | undefined {
  if (typeof returned !== "object" || returned === null || !("token" in returned)) {
    return undefined;
  }
  const { token: _, ...rest } = returned;
  return rest;
}

async function noteSignIn(ctx: GenericEndpointContext, email: string, token: string): Promise<void> {
  await endSessionOfCookie(ctx, token);
  await rememberDevice(ctx, email, token);
  await auditSignIn(email, clientAddressOf(ctx.headers), null);
}

/** Ends the session that the request came with, unless it is the one of this token. */
async function endSessionOfCookie(ctx: GenericEndpointContext, exceptToken: string | null): Promise<void> {
  const token = await ctx.getSignedCookie(ctx.context.authCookies.sessionToken.name, ctx.context.secret);
  if (token && token !== exceptToken) {
    await ctx.context.internalAdapter.deleteSession(token);
  }
}

/** Single sign-on sends the browser on with what it refuses in the address. */
function errorOfCallback(path: string, headers: Headers | undefined): string | null {
  const location = path === CALLBACK_PATH ? headers?.get("location") : null;
  return URL.parse(location ?? "", "http://backtrail.invalid")?.searchParams.get("error") ?? null;
}

/**
 * A refusal of who has shown by nothing who they are: a sign-in is noted for whom it names; anything else, such as a link that opens nothing
 * any more, is in the log. What still says whom a link was for has its own entry (invitations.ts, password-resets.ts).
 */
async function noteStrangersRefusal(ctx: GenericEndpointContext, errorCode: string): Promise<void> {
  const from = clientAddressOf(ctx.headers);
  if (ctx.path === SIGN_IN_PATH) {
    const signIn = signInSchema.safeParse(ctx.body);
    await auditSignIn(signIn.data?.email ?? "", from, errorCode);
    return;
  }
  log.info({ path: ctx.path, errorCode, from }, "request without a session refused");
}

async function noteOutcome(ctx: GenericEndpointContext, requester: Requester, errorCode: string | null): Promise<void> {
  if (requester.confirmedAt === null) {
    await auditSignIn(requester.email, clientAddressOf(ctx.headers), errorCode);
    return;
  }
  const action = actionOf(ctx, requester, errorCode !== null);
  if (action !== null) {
    await auditPersonal({
      userId: requester.userId,
      email: requester.email,
      from: clientAddressOf(ctx.headers),
      action,
      errorCode,
    });
  }
}

/** What a signed-in person's request was for, or null when there is nothing to note yet, or whoever asked notes it (identity.ts). */
function actionOf(ctx: GenericEndpointContext, requester: Requester, isRefused: boolean): PersonalAction | null {
  const { path } = ctx;
  if (path === "/sign-out") {
    return "ConsoleSignout";
  }
  if (CODE_PATHS.includes(path)) {
    if (!requester.hasTwoFactor) {
      return "backtrail:EnableTwoFactor";
    }
    return isByServer(ctx) ? null : "backtrail:ConfirmIdentity";
  }
  // An authenticator is enabled by its first code, and not by being asked for.
  return path === "/two-factor/enable" && !isRefused ? null : (TWO_FACTOR_ACTIONS[path] ?? null);
}

/** Who holds the session of the request; at the path of a code also who has begun to sign in with it. */
async function findRequester(ctx: GenericEndpointContext): Promise<Requester | null> {
  const { authCookies, secret } = ctx.context;
  const token = await ctx.getSignedCookie(authCookies.sessionToken.name, secret);
  const session = token ? await findHeldSession(token, null) : null;
  if (session !== null) {
    return await requesterOf(session.userId, session.confirmedAt);
  }
  if (!CODE_PATHS.includes(ctx.path)) {
    return null;
  }
  const challenge = await ctx.getSignedCookie(ctx.context.createAuthCookie(TWO_FACTOR_COOKIE).name, secret);
  const begun = challenge ? await prisma().verification.findFirst({ where: { identifier: challenge } }) : null;
  if (begun === null) {
    return null;
  }
  goOnInEpoch(ctx, begun.sessionEpoch);
  return await requesterOf(begun.value, null);
}

async function requesterOf(userId: string, confirmedAt: Date | null): Promise<Requester | null> {
  const user = await prisma().user.findUnique({
    where: { id: userId },
    include: { credentials: { where: { providerId: "credential" }, select: { id: true } } },
  });
  return (
    user && {
      userId,
      email: user.email,
      hasPassword: user.credentials.length > 0,
      hasTwoFactor: user.twoFactorEnabled === true,
      confirmedAt,
    }
  );
}
