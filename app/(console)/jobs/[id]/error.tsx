"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { jobPageWords } from "./_components/words.ts";

export default function JobError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(jobPageWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
