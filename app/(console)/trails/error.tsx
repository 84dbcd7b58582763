"use client";

import { FailurePanel } from "@/components/ui/failure-panel.tsx";

export default function TrailsError({ error, retry }: { error: unknown; retry: () => void }) {
  return <FailurePanel title="The trails could not be read" error={error} onRetry={retry} />;
}
