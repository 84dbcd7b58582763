"use client";

import { FailurePanel } from "@/components/ui/failure-panel.tsx";

export default function ConsoleError({ error, retry }: { error: unknown; retry: () => void }) {
  return <FailurePanel title="This page could not be shown" error={error} onRetry={retry} />;
}
