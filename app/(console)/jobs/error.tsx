"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { jobsWords } from "./_components/words.ts";

export default function JobsError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(jobsWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
