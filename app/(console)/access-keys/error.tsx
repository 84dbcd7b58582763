"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { accessKeyWords } from "./_components/words.ts";

export default function AccessKeysError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(accessKeyWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
