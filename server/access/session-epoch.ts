import "server-only";
import type { GenericEndpointContext } from "better-auth";
import { prisma } from "@/server/db.ts";

// "All sessions end" adds one to the person's epoch, and a session holds only while its own is the person's (SESSION_HOLDS). A sign-in takes the
// epoch from before it looks at any proof: one that is under way meanwhile, by a password that was the right one a moment ago, ends with the others
// however late its session is stored. Nothing is locked, and nobody waits.

/** The epoch that a request's sign-in has begun in, by the request's context, which is one object until its answer. */
const epochs = new WeakMap<object, number>();

/** Takes the person's epoch for the sign-in of this request. Before their password is looked at. */
export async function beginInEpoch(ctx: GenericEndpointContext, email: string): Promise<void> {
  const user = await prisma().user.findUnique({ where: { email }, select: { sessionEpoch: true } });
  if (user !== null) {
    goOnInEpoch(ctx, user.sessionEpoch);
  }
}

/** For the request with a code: its sign-in has begun with the password, in this epoch. */
export function goOnInEpoch(ctx: GenericEndpointContext, epoch: number): void {
  epochs.set(ctx.context, epoch);
}

/** The epoch of a new session. Of who is signed in by no proof that a person could have changed since, by a provider or an invitation, that of now. */
export async function epochOf(ctx: GenericEndpointContext | null, userId: string): Promise<number> {
  const begunIn = ctx === null ? undefined : epochs.get(ctx.context);
  if (begunIn !== undefined) {
    return begunIn;
  }
  const user = await prisma().user.findUniqueOrThrow({ where: { id: userId }, select: { sessionEpoch: true } });
  return user.sessionEpoch;
}

/** Before a sign-in is stored that waits for its code: the request with the code goes on in the epoch of this one. */
export async function keepEpoch(_challenge: object, ctx: GenericEndpointContext | null) {
  const sessionEpoch = ctx === null ? undefined : epochs.get(ctx.context);
  return { data: sessionEpoch === undefined ? {} : { sessionEpoch } };
}
