"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { trailsWords } from "./_components/words.ts";

export default function TrailsError({ error, retry }: { error: unknown; retry: () => void }) {
  return <FailurePanel title={useWords(trailsWords).failed} error={error} onRetry={retry} />;
}
