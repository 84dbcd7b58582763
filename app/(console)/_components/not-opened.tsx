"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { frameWords } from "./words.ts";

/** Says why a link that names a dialog has opened none, which nothing else on the page would. */
export function NotOpened({ why, className }: { why: string; className?: string }) {
  const words = useWords(frameWords);
  return <Notice className={className}>{words.notOpened(why)}</Notice>;
}
