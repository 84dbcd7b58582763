"use client";

import { Brand } from "@/components/ui/brand.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";

/** Where the console's frame itself could not be drawn: without the database nobody is signed in, and nothing has a place. */
export default function AppError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main className="mx-auto grid max-w-[460px] gap-4 px-4 py-16">
      <Brand />
      <FailurePanel title="The console could not be shown" error={error} onRetry={retry} />
    </main>
  );
}
