import "server-only";

/**
 * The client's address, as the web process saw it on the socket: web/main.ts overwrites the header, so that what a client
 * puts there reaches nobody.
 */
export function clientAddressOf(headers: Headers | undefined): string | null {
  return headers?.get("x-forwarded-for") ?? null;
}
