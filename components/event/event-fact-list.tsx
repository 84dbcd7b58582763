"use client";

import type { ReactNode } from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Card } from "@/components/ui/card.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import type { LookupCondition } from "@/domain/event/lookup.ts";
import type { EventDetailDto } from "@/domain/event/schema.ts";
import type { EventFact, EventFacts } from "./event-facts.ts";
import { eventWords } from "./words.ts";

type OnFilter = (condition: LookupCondition) => void;

type EventFactListProps = { event: EventDetailDto; facts: EventFacts; now: string; onFilter: OnFilter };

/** Who, what, when, from where, with what result, on what; each value can become a filter. */
export function EventFactList({ event, facts, now, onFilter }: EventFactListProps) {
  const words = useWords(eventWords);
  const formats = useFormats();
  const filtered = (name: string, fact: EventFact | null, isMono = false) =>
    fact && <FilterFact name={name} fact={fact} isMono={isMono} onFilter={onFilter} />;
  const plain = (name: string, value: string | null, isMono = false) =>
    value && (
      <Fact name={name}>
        <span className={isMono ? "mono break-all" : "break-words"}>{value}</span>
      </Fact>
    );
  return (
    <Card className="px-[18px] py-3.5" aria-label={words.facts}>
      <Group title={words.who}>
        {filtered(words.user, facts.userName)}
        {filtered(words.role, facts.roleName)}
        {plain(
          words.identityType,
          facts.identityType && (words.identityTypes[facts.identityType] ?? facts.identityType),
        )}
        {filtered(words.accessKey, facts.accessKeyId, true)}
        {facts.mfa !== null && plain(words.mfa, facts.mfa ? words.mfas.yes : words.mfas.no)}
        {plain(words.principal, facts.principalId, true)}
      </Group>
      <Group title={words.what}>
        {filtered(words.eventName, facts.eventName)}
        {filtered(words.service, facts.serviceName)}
        {filtered(words.eventType, facts.eventType)}
        {plain(words.apiVersion, facts.apiVersion)}
      </Group>
      <Group title={words.resources}>
        {facts.resources.map(({ name, type }) => (
          <FilterFact
            key={`${type} ${name}`}
            name={type ?? words.keys.ResourceName.name}
            // Of several resources in one text none can be looked up alone.
            fact={{
              value: name,
              condition: facts.resources.length === 1 ? { key: "ResourceName", value: name } : null,
            }}
            isMono
            onFilter={onFilter}
          />
        ))}
      </Group>
      <Group title={words.when}>
        <Fact name={words.time}>
          <Instant at={event.eventTime} now={now} shown="absolute" />
        </Fact>
        {plain(words.region, event.region, true)}
      </Group>
      <Group title={words.whence}>
        {filtered(words.address, facts.sourceIpAddress, true)}
        {plain(words.agent, facts.userAgent)}
      </Group>
      <Group title={words.result}>
        <Fact name={words.outcome}>
          {facts.error === null ? (
            <StateMark shape="check" tone="ok">
              {words.succeeded}
            </StateMark>
          ) : (
            <>
              <StateMark shape="cross" tone="bad" className="whitespace-normal">
                {words.failedWith(facts.error.code)}
              </StateMark>
              {facts.error.message !== null && <p className="text-ink-2">{facts.error.message}</p>}
            </>
          )}
        </Fact>
      </Group>
      <Group title={words.record}>
        <Fact name={words.eventId}>
          <span className="mono break-all">{event.eventId}</span>{" "}
          <CopyButton text={event.eventId} label={words.eventId} />
        </Fact>
        {facts.requestId !== event.eventId && plain(words.requestId, facts.requestId, true)}
        {plain(words.arrival, formats.count(event.arrival))}
        {plain(words.digest, event.digest, true)}
      </Group>
    </Card>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  const hasAny = Array.isArray(children) ? children.some(Boolean) : Boolean(children);
  return hasAny ? (
    <section className="border-line border-t py-2.5 first:border-t-0 first:pt-0 last:pb-0">
      <h3 className="mb-1.5 font-[640] text-[14px]">{title}</h3>
      <Facts>{children}</Facts>
    </section>
  ) : null;
}

type FilterFactProps = { name: string; fact: EventFact; isMono: boolean; onFilter: OnFilter };

function FilterFact({ name, fact: { value, condition }, isMono, onFilter }: FilterFactProps) {
  const words = useWords(eventWords);
  return (
    <Fact name={name}>
      <span className={isMono ? "mono break-all" : "break-words"}>{value}</span>{" "}
      {condition !== null && (
        <button
          type="button"
          aria-label={words.filterByFact(name, value)}
          onClick={() => onFilter(condition)}
          className="rounded-cell text-ink-3 text-xs underline-offset-2 hover:text-ink hover:underline"
        >
          {words.filterBy}
        </button>
      )}
    </Fact>
  );
}
