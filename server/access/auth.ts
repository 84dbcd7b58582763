import "server-only";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { betterAuth } from "better-auth/minimal";
import { twoFactor } from "better-auth/plugins/two-factor";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "@/domain/access/password.ts";
import { prisma } from "@/server/db.ts";
import { env, isPublicTls } from "@/server/env.ts";
import { log } from "@/server/log.ts";
import { peopleEndpoints, requestEndpoints } from "./auth-endpoints.ts";
import { beforeRequest, notes, SIGN_IN_PATH } from "./auth-hooks.ts";
import { authSecrets } from "./secrets.ts";
import { keepEpoch } from "./session-epoch.ts";
import { startSession } from "./session-start.ts";
import { issuerCheck, LEAVE_PATH, singleSignOn, whyNotLetIn, withoutProviderTokens } from "./single-sign-on.ts";

/** What the authenticator app shows beside the address. */
const ISSUER = "Backtrail";

/** A moment of the process's own clock, for fields of a session that the database would fill by itself. */
const now = () => new Date();

function createAuth() {
  const { PUBLIC_URL, SESSION_HOURS_MAX } = env();
  const isTls = isPublicTls();
  return betterAuth({
    // The console's own address is needed only where links lead back to it. Without one, this name, which nobody can have (RFC 2606),
    // stands for it, and trustedOrigins tells from each request what the own origin is.
    baseURL: PUBLIC_URL ?? "http://backtrail.invalid",
    basePath: "/api/auth",
    appName: ISSUER,
    ...authSecrets(),
    telemetry: { enabled: false },
    // No level is named: with one, better-auth prints each refusal past this, too.
    logger: { log: (level, message) => log[level]({ from: "better-auth" }, message) },
    database: prismaAdapter(prisma(), { provider: "postgresql" }),
    // A provider whose word on addresses we take (whyNotLetIn) may speak for a person who has a password here.
    account: { modelName: "credential", accountLinking: { enabled: true }, updateAccountOnSignIn: false },
    user: {
      validateUserInfo: whyNotLetIn,
      additionalFields: { sessionEpoch: { type: "number", input: false, required: false, returned: false } },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
    },
    session: {
      // The end of a session is fixed when it begins, and stays when it goes on as another (startSession); that it was idle for too long is
      // found by server/access/sessions.ts.
      expiresIn: SESSION_HOURS_MAX * 3_600,
      disableSessionRefresh: true,
      additionalFields: {
        lastUsedAt: { type: "date", input: false, defaultValue: now },
        confirmedAt: { type: "date", input: false, defaultValue: now },
        // Without a value to begin with, which would replace the one of before when a session goes on as another.
        begunBy: { type: "string", input: false, required: false },
        epoch: { type: "number", input: false, required: false },
      },
    },
    verification: { additionalFields: { sessionEpoch: { type: "number", input: false, required: false } } },
    databaseHooks: {
      session: { create: { before: startSession } },
      verification: { create: { before: keepEpoch } },
      account: { create: { before: withoutProviderTokens }, update: { before: withoutProviderTokens } },
    },
    trustedOrigins: (request) => ownOrigins(request?.headers.get("host") ?? null),
    // A ceiling per client address for what is left; what may be guessed, and single sign-on, have their own limits (server/access/sign-in.ts).
    rateLimit: {
      enabled: true,
      storage: "database",
      customRules: {
        [SIGN_IN_PATH]: false,
        "/two-factor/*": false,
        "/people/*": false,
        [LEAVE_PATH]: false,
        "/callback/*": false,
      },
    },
    advanced: {
      database: { generateId: false },
      ipAddress: { ipAddressHeaders: ["x-forwarded-for"] },
      // Only where the console's public address has TLS: a Secure cookie would not come back over plain HTTP. The prefix, which better-auth's
      // own setting for secure cookies does not give, keeps neighbours under the same domain from setting it.
      useSecureCookies: false,
      cookiePrefix: isTls ? "__Host-better-auth" : "better-auth",
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", secure: isTls, path: "/" },
      // Said outright, because better-auth leaves both checks out under test.
      disableCSRFCheck: false,
      disableOriginCheck: false,
    },
    hooks: { before: beforeRequest },
    plugins: [
      // Its own lock shuts a person out for everybody's tries; ours (limitCode) knows the person's own browser.
      twoFactor({ issuer: ISSUER, allowPasswordless: true, accountLockout: { enabled: false } }),
      singleSignOn(),
      issuerCheck(),
      peopleEndpoints(),
      requestEndpoints(),
      // Last, because they note what came of a request, and the second factor takes a session away again.
      notes(),
    ],
  });
}

let created: ReturnType<typeof createAuth> | undefined;

/**
 * Sessions and passwords, by better-auth. Made at the first use, because a build has neither a secret nor a database.
 * The browser's calls go through `auth().handler`, which checks their origin and limits them per address.
 */
export function auth(): ReturnType<typeof createAuth> {
  created ??= createAuth();
  return created;
}

/**
 * A page of ours sends its requests to where it came from, so its origin is the Host of the request; TLS may have ended in
 * front of us, so both schemes are ours. A foreign page cannot choose the Host its requests carry.
 */
function ownOrigins(host: string | null): string[] {
  return host === null ? [] : [`http://${host}`, `https://${host}`];
}
