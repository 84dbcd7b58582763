"use client";

import { useEffect, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { cn } from "./class-names.ts";
import { uiWords } from "./words.ts";

// Long enough to be read, short enough to be gone when the eye comes back.
const COPIED_SHOWN_MS = 2_000;

type CopyButtonProps = { text: string; label: string; className?: string };

/** Puts a text on the clipboard and says whether it got there. */
export function CopyButton({ text, label, className }: CopyButtonProps) {
  const words = useWords(uiWords);
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);

  useEffect(() => {
    if (outcome === null) {
      return;
    }
    const timer = setTimeout(() => setOutcome(null), COPIED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  const said = outcome === "copied" ? words.copied : outcome === "refused" ? words.selectByHand : null;

  const copy = async () => {
    setOutcome((await writeToClipboard(text)) ? "copied" : "refused");
  };

  return (
    <button
      type="button"
      aria-label={said ?? label}
      onClick={copy}
      className={cn("rounded-cell text-xs text-ink-3 underline-offset-2 hover:text-ink hover:underline", className)}
    >
      {said ?? words.copyIt}
    </button>
  );
}

/** The clipboard exists in secure contexts only; over plain HTTP on another machine the person copies by hand. */
async function writeToClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
