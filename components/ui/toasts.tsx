"use client";

import { Toaster } from "sonner";
import { useWords } from "@/components/language/language-provider.tsx";
import { uiWords } from "./words.ts";

/**
 * What has just happened, in the corner. It is the page's one live region: whatever is to be spoken comes through here, politely and
 * once (docs/decisions, one live region).
 */
export function Toasts() {
  const words = useWords(uiWords);
  return (
    <Toaster
      position="bottom-right"
      containerAriaLabel={words.notifications}
      toastOptions={{
        unstyled: true,
        className:
          "flex w-[356px] max-w-[calc(100vw-32px)] items-center gap-2.5 rounded-control border border-line-strong bg-card px-3.5 py-2.5 text-sm text-ink shadow-lifted",
        classNames: { actionButton: "ml-auto shrink-0 font-[550] text-accent underline-offset-2 hover:underline" },
      }}
    />
  );
}
