"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { destinationWords } from "./_components/words.ts";

export default function DestinationsError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(destinationWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
