import "server-only";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError, createAuthMiddleware, getIP, isAPIError } from "better-auth/api";
import { betterAuth } from "better-auth/minimal";
import { z } from "zod";
import { PASSWORD_LENGTH_MIN } from "@/domain/access/schema.ts";
import { prisma } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { log } from "@/server/log.ts";
import { clientAddressOf } from "./client-address.ts";
import { deriveKey } from "./secrets.ts";
import { auditSignIn, maySignIn, SIGN_IN_WINDOW_S } from "./sign-in.ts";

const SIGN_IN_PATH = "/sign-in/email";

/**
 * The endpoints of better-auth that Backtrail uses. All others are closed: what they change would be in no audit, and people
 * are made by createMember alone.
 */
const OPEN_PATHS: readonly (string | undefined)[] = [SIGN_IN_PATH, "/sign-out", "/get-session"];

/** As people are stored: better-auth looks them up in lower case. */
const signInSchema = z.object({ email: z.email().toLowerCase() });

function createAuth() {
  const isTls = env().PUBLIC_URL?.startsWith("https:") ?? false;
  return betterAuth({
    // The console's own address is not known here, nor is it needed before links are sent by mail: this name, which nobody
    // can have (RFC 2606), stands for it, and trustedOrigins tells from each request what the own origin is.
    baseURL: "http://backtrail.invalid",
    basePath: "/api/auth",
    secret: deriveKey("sessions v1").toString("base64url"),
    telemetry: { enabled: false },
    // No level is named: with one, better-auth prints each refusal past this, too.
    logger: { log: (level, message) => log[level]({ from: "better-auth" }, message) },
    database: prismaAdapter(prisma(), { provider: "postgresql" }),
    account: { modelName: "credential" },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: PASSWORD_LENGTH_MIN },
    trustedOrigins: (request) => ownOrigins(request?.headers.get("host") ?? null),
    // Per client address. More than a person mistypes, and enough for an office behind one address.
    rateLimit: {
      enabled: true,
      storage: "database",
      customRules: { [SIGN_IN_PATH]: { window: SIGN_IN_WINDOW_S, max: 30 } },
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
    hooks: {
      before: createAuthMiddleware(async ({ path, body, headers, context }) => {
        if (!OPEN_PATHS.includes(path)) {
          throw new APIError("NOT_FOUND");
        }
        const signIn = path === SIGN_IN_PATH ? signInSchema.safeParse(body) : undefined;
        const clientAddress = headers === undefined ? null : getIP(headers, context.options);
        if (signIn?.success && !(await maySignIn(signIn.data.email, clientAddress))) {
          throw new APIError(
            "TOO_MANY_REQUESTS",
            { code: "TOO_MANY_REQUESTS", message: "Too many requests. Please try again later." },
            { "x-retry-after": String(SIGN_IN_WINDOW_S) },
          );
        }
      }),
      after: createAuthMiddleware(async ({ path, body, headers, context }) => {
        const signIn = path === SIGN_IN_PATH ? signInSchema.safeParse(body) : undefined;
        if (signIn?.success) {
          const errorCode = isAPIError(context.returned) ? (context.returned.body?.code ?? "SignInFailed") : null;
          await auditSignIn(signIn.data.email, clientAddressOf(headers), errorCode);
        }
      }),
    },
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
