"use client";

import { jobsWords } from "@/app/(console)/jobs/_components/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";

export default function JobsError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(jobsWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
