"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Brand } from "@/components/ui/brand.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { uiWords } from "@/components/ui/words.ts";

/** Where the console's frame itself could not be drawn: without the database nobody is signed in, and nothing has a place. */
export default function AppError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(uiWords);
  return (
    <main className="mx-auto grid max-w-[460px] gap-4 px-4 py-16">
      <Brand />
      <FailurePanel title={words.consoleFailed} error={error} onRetry={retry} />
    </main>
  );
}
