"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import type { ReactNode, TransitionStartFunction } from "react";
import { Button } from "./button.tsx";

type TurnLinkProps = {
  href: string;
  rel: "first" | "next";
  /** Whether another part of the list is being read. */
  isReading: boolean;
  startReading: TransitionStartFunction;
  children: ReactNode;
};

/**
 * To another part of a list: the same page with another search, for which Next shows nothing until the server has answered. Read in
 * the list's own transition, the press shows at once.
 */
export function TurnLink({ href, rel, isReading, startReading, children }: TurnLinkProps) {
  const router = useRouter();
  return (
    <Button size="small" aria-disabled={isReading} asChild>
      <Link
        href={href}
        rel={rel}
        onNavigate={(event) => {
          event.preventDefault();
          if (!isReading) {
            startReading(() => router.push(href));
          }
        }}
      >
        {children}
      </Link>
    </Button>
  );
}
