"use client";

import { eventWords } from "@/components/event/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";

export default function EventsError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(eventWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
