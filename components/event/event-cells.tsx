"use client";

import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";
import type { EventDto } from "@/domain/event/schema.ts";
import { eventWords } from "./words.ts";

/** In UTC, as dense as a list needs; where the reader is, on hover. */
export function EventTime({ at }: { at: string }) {
  const formats = useFormats();
  const isAlive = useIsAlive();
  const local = isAlive ? formats.local(at) : undefined;
  return (
    <time dateTime={at} title={local} className="mono whitespace-nowrap">
      {at.slice(0, 10)} {at.slice(11, 19)}
    </time>
  );
}

type EventLinkProps = { event: EventDto; href: string; onOpen: () => void };

/** The event's name, which opens it beside the list. */
export function EventLink({ event, href, onOpen }: EventLinkProps) {
  const words = useWords(eventWords);
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <a
        href={href}
        data-event-link
        title={event.eventName ?? undefined}
        className="min-w-0 truncate rounded-cell font-[550] underline-offset-2 hover:underline"
        onClick={(click) => {
          // With a key held, the browser opens it elsewhere.
          if (!(click.metaKey || click.ctrlKey || click.shiftKey || click.altKey)) {
            click.preventDefault();
            onOpen();
          }
        }}
      >
        {event.eventName ?? words.unnamed}
      </a>
      {event.eventRW !== null && <span className="shrink-0 text-xs text-ink-2">{words.recordedAs[event.eventRW]}</span>}
    </span>
  );
}

/** Whether the call succeeded, or its error code. */
export function EventResult({ errorCode }: { errorCode: string | null }) {
  const words = useWords(eventWords);
  return errorCode === null ? (
    <span className="text-ink-2">{words.succeeded}</span>
  ) : (
    <span className="flex min-w-0" title={errorCode}>
      <StateMark shape="cross" tone="bad" className="min-w-0">
        <span className="truncate">{errorCode}</span>
      </StateMark>
    </span>
  );
}

/** One value of an event in a list: cut where there is no room, whole on hover and in the opened event. */
export function EventText({ value, isMono = false }: { value: string | null; isMono?: boolean }) {
  const words = useWords(eventWords);
  return value === null ? (
    <span className="text-ink-2">{words.none}</span>
  ) : (
    <span title={value} className={isMono ? "mono block truncate" : "block truncate"}>
      {value}
    </span>
  );
}
