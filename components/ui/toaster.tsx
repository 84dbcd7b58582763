"use client";

import { useEffect } from "react";
import { Toaster as Primitive } from "sonner";
import { useWords } from "@/components/language/language-provider.tsx";
import { noteToaster } from "./toast.ts";
import { uiWords } from "./words.ts";

export function Toaster() {
  const words = useWords(uiWords);
  useEffect(noteToaster, []);
  return (
    <Primitive
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
