"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { uiWords } from "@/components/ui/words.ts";

export default function ConsoleError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(uiWords);
  return <FailurePanel title={words.pageFailed} error={error} onRetry={retry} />;
}
