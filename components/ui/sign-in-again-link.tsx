"use client";

import { usePathname, useSearchParams } from "next/navigation";
import type { ComponentProps } from "react";

/**
 * The way to sign-in once a session has ended, and from there back to what is on screen, with the filters and panels that the
 * address keeps. Only for what the browser alone draws: a page that is built beforehand has no address yet.
 */
export function SignInAgainLink(props: Omit<ComponentProps<"a">, "href">) {
  const pathname = usePathname();
  const query = useSearchParams().toString();
  const next = query === "" ? pathname : `${pathname}?${query}`;
  return <a {...props} href={`/sign-in?${new URLSearchParams({ next })}`} />;
}
