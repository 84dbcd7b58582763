import "server-only";

/**
 * The client's address. The web process has put it there in the place of whatever the client said (web/forwarding.ts), so it can be
 * believed.
 */
export function clientAddressOf(headers: Headers | undefined): string | null {
  return headers?.get("x-forwarded-for") ?? null;
}
