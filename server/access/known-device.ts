import "server-only";
import { createHash, randomUUID } from "node:crypto";
import type { GenericEndpointContext } from "better-auth";

/** Half a year: a browser that was not used for so long is as good as a stranger's. */
const KNOWN_MAX_AGE_S = 180 * 24 * 3_600;

/** Tells the cookie's value from every other that is signed with the same secret. */
const KIND = "known-device";

/**
 * The browser from which this person has signed in before, or null. Its tries are counted apart from those of strangers, so that nobody
 * locks a person out of their own browser by trying passwords in their name. The cookie opens nothing.
 * Source: OWASP, slow down online guessing with device cookies.
 */
export async function findKnownDevice(ctx: GenericEndpointContext, email: string): Promise<string | null> {
  const value = await ctx.getSignedCookie(cookieOf(ctx).name, ctx.context.secret);
  const [kind, person, device] = value ? value.split("!") : [];
  return kind === KIND && person === digestOf(email) && device !== undefined ? device : null;
}

/** Marks the browser that the answer goes to as one of this person's. */
export async function rememberDevice(ctx: GenericEndpointContext, email: string): Promise<void> {
  const { name, attributes } = cookieOf(ctx);
  const device = (await findKnownDevice(ctx, email)) ?? randomUUID();
  await ctx.setSignedCookie(name, [KIND, digestOf(email), device].join("!"), ctx.context.secret, attributes);
}

function cookieOf(ctx: GenericEndpointContext) {
  return ctx.context.createAuthCookie("known_device", { maxAge: KNOWN_MAX_AGE_S });
}

/** The cookie stays in browsers that others use, too, and need not say who was there. */
function digestOf(email: string): string {
  return createHash("sha256").update(email).digest("base64url");
}
