/** A year: a preference should outlive a session, and browsers keep none for much longer. */
const KEPT_SECONDS = 365 * 24 * 3_600;

/**
 * What keeps a preference in the person's browser.
 * @param protocol the page's own: what was chosen over TLS goes over nothing else
 */
export function preferenceCookie(name: string, value: string, protocol: string): string {
  const cookie = `${name}=${value}; path=/; max-age=${KEPT_SECONDS}; samesite=lax`;
  return protocol === "https:" ? `${cookie}; secure` : cookie;
}
