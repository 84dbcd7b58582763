"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { logstoreWords } from "./_components/words.ts";

export default function LogstoreError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(logstoreWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
