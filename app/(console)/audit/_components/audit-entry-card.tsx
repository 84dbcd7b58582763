"use client";

import type { KeyboardEvent, RefObject } from "react";
import { auditEntryWords } from "@/components/access/audit-words.ts";
import { OutcomeMark } from "@/components/access/outcome-mark.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import type { AuditEntryDto } from "@/domain/access/audit-schema.ts";
import { auditWords } from "./words.ts";

type AuditEntryCardProps = {
  /** Null when the account has none of the id that the address names. */
  entry: AuditEntryDto | null;
  now: string;
  headingRef: RefObject<HTMLHeadingElement | null>;
  onClose: () => void;
};

/** All that the audit has of one entry. */
export function AuditEntryCard({ entry, now, headingRef, onClose }: AuditEntryCardProps) {
  const words = useWords(auditWords);
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      onClose();
    }
  };
  return (
    <Card className="px-4 py-3.5" onKeyDown={closeOnEscape}>
      <div className="mb-2.5 flex items-start gap-3">
        <h2 ref={headingRef} tabIndex={-1} className="mono mt-1 min-w-0 flex-1 font-semibold [overflow-wrap:anywhere]">
          {entry === null ? words.entry : entry.action}
        </h2>
        <Button size="small" look="quiet" onClick={onClose}>
          {words.close}
        </Button>
      </div>
      {entry === null ? <p className="text-ink-2">{words.goneEntry}</p> : <EntryFacts entry={entry} now={now} />}
    </Card>
  );
}

function EntryFacts({ entry, now }: { entry: AuditEntryDto; now: string }) {
  const words = useWords(auditWords);
  const entryWords = useWords(auditEntryWords);
  const details = JSON.stringify(entry.details, null, 2);
  const hasDetails = Object.keys(entry.details).length > 0;
  return (
    <>
      <Facts className="grid-cols-[84px_minmax(0,1fr)]">
        <Fact name={words.outcome}>
          <OutcomeMark outcome={entry.outcome} errorCode={entry.errorCode} />
        </Fact>
        <Fact name={words.when}>
          <Instant at={entry.at} now={now} shown="absolute" />
        </Fact>
        <Fact name={words.actor}>
          <span className="[overflow-wrap:anywhere]">{entry.actorName}</span>
          <div className="text-xs text-ink-3">{entryWords.actors[entry.actorType]}</div>
        </Fact>
        <Fact name={words.actorId}>
          <code className="mono [overflow-wrap:anywhere]">{entry.actorId}</code>
        </Fact>
        <Fact name={words.from}>
          <span className="mono">{entry.from ?? entryWords.noAddress}</span>
        </Fact>
        <Fact name={words.kind}>{words.kinds[entry.rw]}</Fact>
        <Fact name={words.resource}>
          {entry.resource === null ? (
            <span className="text-ink-2">{words.noResource}</span>
          ) : (
            <code className="mono [overflow-wrap:anywhere]">{entry.resource}</code>
          )}
        </Fact>
        <Fact name={words.requestId}>
          <code className="mono [overflow-wrap:anywhere]">{entry.requestId}</code>{" "}
          <CopyButton text={entry.requestId} label={words.copyRequestId} />
          <div className="text-xs text-ink-3 [overflow-wrap:anywhere]">{words.inHistory(entry.id)}</div>
        </Fact>
      </Facts>
      <div className="mt-3.5 flex items-baseline justify-between gap-3">
        <h3 className="text-sm font-[550]">{words.details}</h3>
        {hasDetails && <CopyButton text={details} label={words.copyDetails} />}
      </div>
      {hasDetails ? (
        <pre className="mono mt-1.5 rounded-control bg-sunk px-2.5 py-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
          {details}
        </pre>
      ) : (
        <p className="mt-1 text-sm text-ink-2">{words.noDetails}</p>
      )}
    </>
  );
}
