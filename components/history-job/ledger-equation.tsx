import { inGroups } from "@/components/language/counts.ts";
import { cn } from "@/components/ui/class-names.ts";
import { type Ledger, remainingOf } from "@/domain/history-job/history-job.ts";

type Term = { name: string; count: number; tone?: string };

/** Terms that are 0 for good are left out: an ended job has nothing to send unless it ended early. */
function termsOf(isRunning: boolean, ledger: Ledger): Term[] {
  const remaining = remainingOf(ledger);
  return [
    { name: "Delivered", count: ledger.delivered, tone: isRunning ? "text-run" : "text-ok" },
    { name: "Undeliverable", count: ledger.undeliverable, tone: ledger.undeliverable > 0 ? "text-bad" : undefined },
    ...(isRunning && ledger.gap === 0
      ? []
      : [{ name: "Gap", count: ledger.gap, tone: ledger.gap > 0 ? "text-bad" : undefined }]),
    ...(isRunning || remaining > 0
      ? [{ name: isRunning ? "Still to send" : "Not sent", count: remaining, tone: "text-ink-2" }]
      : []),
  ].map(({ tone, ...term }) => (tone === undefined ? term : { ...term, tone }));
}

/** expected = delivered + undeliverable + gap + remaining, written as the equation it is, so that nobody adds numbers up. */
export function LedgerEquation({ isRunning, ledger }: { isRunning: boolean; ledger: Ledger }) {
  return (
    <dl className="flex flex-wrap items-end gap-x-3.5 gap-y-2">
      <LedgerTerm term={{ name: "Expected", count: ledger.expected }} />
      {termsOf(isRunning, ledger).map((term, position) => (
        <LedgerTerm key={term.name} sign={position === 0 ? "=" : "+"} term={term} />
      ))}
    </dl>
  );
}

/** A sign stays with the term that it leads, so that no line ends with one. */
function LedgerTerm({ sign, term }: { sign?: "=" | "+"; term: Term }) {
  return (
    <div className={cn("relative", sign !== undefined && "pl-7")}>
      <dt className="text-xs text-ink-3">{term.name}</dt>
      <dd className={cn("text-2xl font-semibold tracking-[-0.02em] tabular-nums", term.tone)}>
        {sign !== undefined && (
          <span className="absolute bottom-[3px] left-0 text-[18px] leading-tight font-normal tracking-normal text-ink-3">
            {sign}
          </span>
        )}
        {inGroups(term.count)}
      </dd>
    </div>
  );
}
