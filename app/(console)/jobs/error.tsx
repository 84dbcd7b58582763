"use client";

import { FailurePanel } from "@/components/ui/failure-panel.tsx";

export default function JobsError({ error, retry }: { error: unknown; retry: () => void }) {
  return <FailurePanel title="The jobs could not be read" error={error} onRetry={retry} />;
}
