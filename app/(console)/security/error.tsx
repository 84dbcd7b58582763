"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { securityWords } from "./_components/words.ts";

export default function SecurityError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(securityWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
