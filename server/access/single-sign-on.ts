import "server-only";
import type {
  BetterAuthPlugin,
  GenericEndpointContext,
  User,
  ValidateUserInfoResult,
  ValidateUserInfoSource,
} from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import { prisma } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { log } from "@/server/log.ts";
import { clientAddressOf } from "./client-address.ts";
import { isInvited } from "./invitations.ts";
import { auditSignIn } from "./sign-in.ts";

/** The one provider's name in addresses and in the database. */
const SSO_PROVIDER = "oidc";

/** Where people leave from for the provider, as better-auth knows the path. */
export const LEAVE_PATH = "/sign-in/social";

/** Where it sends them back to. */
export const CALLBACK_PATH = "/callback/:id";

/** What the button for single sign-on is called, or null where no provider is set. */
export function findSingleSignOn(): { readonly name: string } | null {
  const { OIDC_ISSUER, OIDC_NAME } = env();
  return OIDC_ISSUER === undefined ? null : { name: OIDC_NAME };
}

/**
 * The OIDC provider of the settings, if there is one: authorization code with PKCE and nonce; its tokens are verified against the keys that
 * its discovery names. Only people who are known or invited come in (whyNotLetIn).
 */
export function singleSignOn() {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = env();
  if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined || OIDC_CLIENT_SECRET === undefined) {
    return genericOAuth({ config: [] });
  }
  return genericOAuth({
    config: [
      {
        providerId: SSO_PROVIDER,
        discoveryUrl: `${OIDC_ISSUER.replace(/\/$/, "")}/.well-known/openid-configuration`,
        clientId: OIDC_CLIENT_ID,
        clientSecret: OIDC_CLIENT_SECRET,
        scopes: ["openid", "email", "profile"],
        pkce: true,
        requireIdTokenVerification: true,
        // Not every provider tells a name, and the table wants one.
        mapProfileToUser: (profile) => ({ name: String(profile.name || profile.email) }),
      },
    ],
  });
}

/**
 * Refuses single sign-on while the provider's discovery names another issuer than the settings, letter for letter: better-auth takes whatever issuer
 * is named there, so that a document of somebody else, or of another tenant, would make them the provider. Behind singleSignOn among the plugins,
 * because its hook makes the provider whose discovery failed at the start. Nobody is known by then, so it is in the log and in no account's audit.
 */
export function issuerCheck() {
  const handler = createAuthMiddleware(async (ctx) => {
    const { OIDC_ISSUER } = env();
    const provider = ctx.context.socialProviders.find(({ id }) => id === SSO_PROVIDER);
    if (provider !== undefined && provider.issuer !== OIDC_ISSUER) {
      const from = clientAddressOf(ctx.headers);
      const facts = { path: ctx.path, errorCode: "ISSUER_MISMATCH", from, issuer: provider.issuer, OIDC_ISSUER };
      log.error(facts, "single sign-on refused: the provider's discovery names another issuer than OIDC_ISSUER");
      throw new APIError("FORBIDDEN", { code: "ISSUER_MISMATCH", message: "The provider is not the one that is set." });
    }
  });
  const matcher = ({ path }: { readonly path?: string }) => path === LEAVE_PATH || path === CALLBACK_PATH;
  return { id: "issuer-check", hooks: { before: [{ matcher, handler }] } } satisfies BetterAuthPlugin;
}

/** Before a link of a person to the provider is stored: nothing here asks the provider anything later, so its tokens are of use to a thief alone. */
export async function withoutProviderTokens() {
  return { data: { accessToken: null, refreshToken: null, idToken: null } };
}

type UserInfo = { readonly user: Partial<User>; readonly source: ValidateUserInfoSource };

/**
 * Why somebody whom the provider vouches for is not let in: their address is not verified by it, so that it may be anybody's, or nobody here
 * knows or has invited it. Null and void for who is. A refusal is noted as every failed sign-in is.
 */
export async function whyNotLetIn(
  info: UserInfo,
  ctx: GenericEndpointContext,
): Promise<ValidateUserInfoResult | undefined> {
  const refused = info.source.method === "oauth" ? await judge(info) : undefined;
  if (refused !== undefined) {
    await auditSignIn(info.user.email ?? "", clientAddressOf(ctx.headers), refused.error);
  }
  return refused;
}

async function judge({ user, source }: UserInfo): Promise<{ readonly error: string } | undefined> {
  if (user.emailVerified !== true || user.email === undefined) {
    return { error: "email_not_verified" };
  }
  const isKnown = source.action !== "create-user" || (await prisma().user.count({ where: { email: user.email } })) > 0;
  return isKnown || (await isInvited(user.email)) ? undefined : { error: "not_invited" };
}
