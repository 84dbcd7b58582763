import { auth } from "@/server/access/auth.ts";

/** better-auth's own endpoints: signing in and out. What else it could do is closed there. */
async function handle(request: Request): Promise<Response> {
  return auth().handler(request);
}

export { handle as GET, handle as POST };
