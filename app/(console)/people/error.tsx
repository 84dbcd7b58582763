"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { peopleWords } from "./_components/words.ts";

export default function PeopleError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(peopleWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
