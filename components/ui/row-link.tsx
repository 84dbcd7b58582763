"use client";

import Link from "next/link";
import { type ComponentProps, useState } from "react";

type RowLinkProps = Omit<ComponentProps<typeof Link>, "prefetch" | "onMouseEnter" | "onFocus">;

/**
 * A link in a row of a list. The page behind it is fetched beforehand only once somebody points at it or reaches it by key: who
 * scrolls through thousands of rows would otherwise have fetched a page for each.
 */
export function RowLink(props: RowLinkProps) {
  const [isMeant, setMeant] = useState(false);
  return (
    <Link
      {...props}
      prefetch={isMeant ? null : false}
      onMouseEnter={() => setMeant(true)}
      onFocus={() => setMeant(true)}
    />
  );
}
