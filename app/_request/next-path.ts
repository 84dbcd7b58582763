const FALLBACK = "/trails";

// Any origin will do: a path that leaves it is not a path of ours.
const ORIGIN = "http://backtrail.invalid";

/** Where to go after signing in, or setting up a second factor: a path of this console, whatever the address asked for. */
export function pathOfOurs(next: string | string[] | undefined): string {
  if (typeof next !== "string" || !next.startsWith("/")) {
    return FALLBACK;
  }
  // "//host" and "/\host" look like paths and are not; parsed as the browser would, they show another origin.
  const url = URL.canParse(next, ORIGIN) ? new URL(next, ORIGIN) : null;
  if (url === null || url.origin !== ORIGIN || url.pathname.startsWith("/sign-in")) {
    return FALLBACK;
  }
  // "/.//host" is of this origin, but what is left of it without the dot is "//host" again.
  if (url.pathname.startsWith("//")) {
    return FALLBACK;
  }
  // Next's own mark on requests between pages of the console.
  url.searchParams.delete("_rsc");
  return `${url.pathname}${url.search}`;
}
