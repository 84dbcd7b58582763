"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { AuthRefusal } from "./auth-request.ts";
import { entranceWords } from "./entrance-words.ts";

/** Why something was refused, and what to do about it; nothing while nothing was. */
export function RefusalNotice({ refusal }: { refusal: AuthRefusal | null }) {
  const words = useWords(entranceWords);
  return (
    refusal !== null && (
      <Notice look="bad" role="alert">
        {words.refusals[refusal]}
      </Notice>
    )
  );
}
