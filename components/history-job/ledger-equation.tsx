"use client";

import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { cn } from "@/components/ui/class-names.ts";
import { type Ledger, remainingOf } from "@/domain/history-job/history-job.ts";
import { type HistoryJobWords, historyJobWords } from "./words.ts";

type Term = { name: string; count: number; tone?: string };

/** Terms that are 0 for good are left out: an ended job has nothing to send unless it ended early. */
function termsOf(isRunning: boolean, ledger: Ledger, words: HistoryJobWords): Term[] {
  const remaining = remainingOf(ledger);
  return [
    { name: words.delivered, count: ledger.delivered, tone: isRunning ? "text-run" : "text-ok" },
    { name: words.undeliverable, count: ledger.undeliverable, tone: ledger.undeliverable > 0 ? "text-bad" : undefined },
    ...(isRunning && ledger.gap === 0
      ? []
      : [{ name: words.gap, count: ledger.gap, tone: ledger.gap > 0 ? "text-bad" : undefined }]),
    ...(isRunning || remaining > 0
      ? [{ name: isRunning ? words.stillToSend : words.notSent, count: remaining, tone: "text-ink-2" }]
      : []),
  ].map(({ tone, ...term }) => (tone === undefined ? term : { ...term, tone }));
}

/** expected = delivered + undeliverable + gap + remaining, written as the equation it is, so that nobody adds numbers up. */
export function LedgerEquation({ isRunning, ledger }: { isRunning: boolean; ledger: Ledger }) {
  const words = useWords(historyJobWords);
  return (
    <dl className="flex flex-wrap items-end gap-x-3.5 gap-y-2">
      <LedgerTerm term={{ name: words.expected, count: ledger.expected }} />
      {termsOf(isRunning, ledger, words).map((term, position) => (
        <LedgerTerm key={term.name} sign={position === 0 ? "=" : "+"} term={term} />
      ))}
    </dl>
  );
}

/** A sign stays with the term that it leads, so that no line ends with one. */
function LedgerTerm({ sign, term }: { sign?: "=" | "+"; term: Term }) {
  const { count } = useFormats();
  return (
    <div className={cn("relative", sign !== undefined && "pl-7")}>
      <dt className="text-xs text-ink-3">{term.name}</dt>
      <dd className={cn("text-2xl font-semibold tracking-[-0.02em] tabular-nums", term.tone)}>
        {sign !== undefined && (
          <span className="absolute bottom-[3px] left-0 text-[18px] leading-tight font-normal tracking-normal text-ink-3">
            {sign}
          </span>
        )}
        {count(term.count)}
      </dd>
    </div>
  );
}
