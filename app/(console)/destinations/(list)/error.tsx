"use client";

import { destinationWords } from "@/app/(console)/destinations/_components/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";

export default function DestinationsError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(destinationWords);
  return <FailurePanel title={words.failed} error={error} onRetry={retry} />;
}
