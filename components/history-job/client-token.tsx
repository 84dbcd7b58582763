"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { historyJobWords } from "./words.ts";

/** A job's token: whole where there is room, else its beginning with the rest on hover; always to be copied whole. */
export function ClientToken({ clientToken, isShort = false }: { clientToken: string | null; isShort?: boolean }) {
  const words = useWords(historyJobWords);
  if (clientToken === null) {
    return <span className="text-ink-2">{words.noToken}</span>;
  }
  return (
    <span className="inline-flex max-w-full flex-wrap items-baseline gap-x-2">
      <code
        className={
          isShort ? "mono max-w-[9ch] overflow-hidden text-ellipsis whitespace-nowrap" : "mono [overflow-wrap:anywhere]"
        }
        title={isShort ? clientToken : undefined}
      >
        {clientToken}
      </code>
      <CopyButton key={clientToken} text={clientToken} label={words.copyToken(clientToken)} />
    </span>
  );
}
