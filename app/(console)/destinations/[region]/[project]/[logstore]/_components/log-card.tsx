"use client";

import { useQueryStates } from "nuqs";
import type { KeyboardEvent, Ref } from "react";
import { indentJson } from "@/components/event/indent-json.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { RowLink } from "@/components/ui/row-link.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { logKeyText } from "@/domain/log-service/log-key.ts";
import type { LogDto } from "@/domain/log-service/schema.ts";
import { openLogParameters } from "./log-parameters.ts";
import { logstoreWords } from "./words.ts";

type LogCardProps = {
  /** Null while it is read, and when the logstore has none of this key. */
  log: LogDto | null;
  path: string;
  now: string;
  isReading: boolean;
  headingRef: Ref<HTMLHeadingElement>;
  onClose: () => void;
};

/** One log whole: what it carries, and its event as it was received or set out to be read. */
export function LogCard({ log, path, now, isReading, headingRef, onClose }: LogCardProps) {
  const words = useWords(logstoreWords);
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      onClose();
    }
  };
  return (
    <Card className="px-4 py-3.5" onKeyDown={closeOnEscape} aria-busy={isReading}>
      <div className="mb-2.5 flex items-start gap-3">
        <h2 ref={headingRef} tabIndex={-1} className="mt-1 min-w-0 flex-1 font-semibold [overflow-wrap:anywhere]">
          {log === null ? words.log : (log.eventName ?? words.unnamed)}
        </h2>
        <Button size="small" look="quiet" onClick={onClose}>
          {words.close}
        </Button>
      </div>
      {log !== null && (
        <>
          <LogFacts log={log} now={now} />
          <RawEvent log={log} path={path} />
        </>
      )}
      {log === null && (isReading ? <Skeleton className="w-48" /> : <p className="text-ink-2">{words.goneLog}</p>)}
    </Card>
  );
}

function LogFacts({ log, now }: { log: LogDto; now: string }) {
  const words = useWords(logstoreWords);
  return (
    <Facts className="grid-cols-[84px_minmax(0,1fr)]">
      <Fact name={words.eventTime}>
        <Instant at={log.eventTime} now={now} shown="absolute" />
      </Fact>
      <Fact name={words.eventId}>
        <code className="mono [overflow-wrap:anywhere]">{log.eventId}</code>
      </Fact>
      <Fact name={words.region}>{log.region}</Fact>
      {log.errorCode !== null && (
        <Fact name={words.errorCode}>
          <code className="mono text-bad [overflow-wrap:anywhere]">{log.errorCode}</code>
        </Fact>
      )}
      <Fact name={words.arrived}>
        <Instant at={log.receivedAt} now={now} shown="absolute" />
        <div className="text-xs text-ink-3">{words.lateBy(Date.parse(log.receivedAt) - Date.parse(log.eventTime))}</div>
      </Fact>
      <Fact name={words.logTime}>
        <Instant at={log.time} now={now} shown="absolute" />
      </Fact>
      {log.jobId !== null && (
        <Fact name={words.job}>
          <RowLink href={`/jobs/${log.jobId}`} className="underline underline-offset-2">
            {words.jobNumber(log.jobId)}
          </RowLink>
        </Fact>
      )}
      <Fact name={words.topic}>
        <code className="mono [overflow-wrap:anywhere]">{log.topic === "" ? "—" : log.topic}</code>
      </Fact>
      <Fact name={words.source}>
        <code className="mono [overflow-wrap:anywhere]">{log.source === "" ? "—" : log.source}</code>
      </Fact>
      {log.tags.length > 0 && (
        <Fact name={words.tags}>
          {log.tags.map(({ key, value }) => (
            <div key={`${key}=${value}`} className="mono [overflow-wrap:anywhere]">
              {key}={value}
            </div>
          ))}
        </Fact>
      )}
      {log.otherBytes > 0 && <Fact name={words.otherContents}>{words.otherBytes(log.otherBytes)}</Fact>}
    </Facts>
  );
}

function RawEvent({ log, path }: { log: LogDto; path: string }) {
  const words = useWords(logstoreWords);
  const [{ text: form }, setOpen] = useQueryStates(openLogParameters);
  return (
    <>
      <div className="mt-3.5 flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h3 className="text-sm font-[550]">{words.raw}</h3>
        <Choice
          label={words.form}
          value={form}
          options={[
            { value: "readable", label: words.readable },
            { value: "as-received", label: words.asReceived },
          ]}
          onChoose={(text) => void setOpen({ text })}
        />
        <span className="ml-auto flex items-baseline gap-3">
          <CopyButton text={log.event} label={words.copyEvent} />
          <a
            href={`${path}/export?${new URLSearchParams({ log: logKeyText(log) })}`}
            download
            className="rounded-cell text-xs text-ink-3 underline-offset-2 hover:text-ink hover:underline"
          >
            {words.downloadEvent}
          </a>
        </span>
      </div>
      <pre className="mono mt-1.5 rounded-control bg-sunk px-2.5 py-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {form === "readable" ? indentJson(log.event) : log.event}
      </pre>
    </>
  );
}
