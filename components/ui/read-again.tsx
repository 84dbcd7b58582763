"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "./button.tsx";
import { updatedInWords } from "./freshness.tsx";
import { useExactTime } from "./use-exact-time.ts";
import { useAgeOf } from "./use-now.ts";
import { uiWords } from "./words.ts";

/** How old a page's data is that nothing renews by itself, and a way to have it read again. @param now when it was read, ISO 8601 */
export function ReadAgain({ now }: { now: string }) {
  const words = useWords(uiWords);
  const age = useAgeOf(now);
  const exact = useExactTime(now);
  const router = useRouter();
  const [isReading, startReading] = useTransition();
  return (
    <div className="mt-3 flex items-center gap-3 text-sm text-ink-2 print:hidden">
      <span title={exact} className="inline-block tabular-nums first-letter:uppercase">
        {updatedInWords(age, words)}
      </span>
      <Button size="small" aria-disabled={isReading} onClick={() => !isReading && startReading(() => router.refresh())}>
        {isReading ? words.readingAgain : words.readAgain}
      </Button>
    </div>
  );
}
