"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { explorerWords } from "./_components/words.ts";

export default function ApiExplorerError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(explorerWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
