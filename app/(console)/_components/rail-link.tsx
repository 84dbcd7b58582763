"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

/** Marks itself where the page, or one below it, is the one on screen. */
export function RailLink({ href, children }: { href: string; children: ReactNode }) {
  const pathname = usePathname();
  const isHere = pathname === href || pathname.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={isHere ? "page" : undefined}
      className="rounded-control px-2.5 py-1.5 text-ink-2 hover:text-ink aria-[current]:bg-accent-soft aria-[current]:font-semibold aria-[current]:text-ink sm:aria-[current]:shadow-[inset_2px_0_0_var(--accent)]"
    >
      {children}
    </Link>
  );
}
