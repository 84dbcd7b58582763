"use client";

import "./globals.css";
import { useWords } from "@/components/language/language-provider.tsx";
import { Brand } from "@/components/ui/brand.tsx";
import { FailurePanel } from "@/components/ui/failure-panel.tsx";
import { uiWords } from "@/components/ui/words.ts";

/** The last net: it stands in for the root layout too, so it brings its own document, and knows nothing of whom it is for. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords(uiWords);
  return (
    <html lang="en">
      <body>
        <main className="mx-auto grid max-w-[460px] gap-4 px-4 py-16">
          <Brand />
          <FailurePanel title={words.consoleFailed} error={error} onRetry={retry} />
        </main>
      </body>
    </html>
  );
}
