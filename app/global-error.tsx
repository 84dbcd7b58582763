"use client";

import "./globals.css";
import { Brand } from "@/components/ui/brand.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";

/** The last net: it stands in for the root layout too, so it brings its own document. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto grid max-w-[460px] gap-4 px-4 py-16">
          <Brand />
          <FailurePanel title="The console could not be shown" error={error} onRetry={retry} />
        </main>
      </body>
    </html>
  );
}
