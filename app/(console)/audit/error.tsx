"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { auditWords } from "./_components/words.ts";

export default function AuditError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(auditWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
