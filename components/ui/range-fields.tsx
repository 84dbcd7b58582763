"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "./button.tsx";
import { Field, Input } from "./field.tsx";
import { utcTimeOf } from "./utc-time.ts";
import { uiWords } from "./words.ts";

/** A span of time of UTC as an address keeps it (utc-time.ts); null where it is open. */
type TimeRange = { readonly from: string | null; readonly to: string | null };

type RangeFieldsProps = TimeRange & {
  onChange: (range: TimeRange) => void;
  /** Spans that end now, offered beside the fields; hours. */
  recentHours: readonly number[];
};

const HOUR_MS = 3_600_000;

/** From when to when, in UTC, each end open if left empty; and the spans that most people mean. */
export function RangeFields({ from, to, onChange, recentHours }: RangeFieldsProps) {
  const words = useWords(uiWords);
  const isReversed = from !== null && to !== null && from >= to;
  return (
    <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
      <Field label={words.from} hint={words.utc} error={isReversed ? words.reversed : undefined}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={from ?? ""}
            onChange={(event) => onChange({ from: event.target.value || null, to })}
          />
        )}
      </Field>
      <Field label={words.to} hint={words.utcNotIncluded}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={to ?? ""}
            onChange={(event) => onChange({ from, to: event.target.value || null })}
          />
        )}
      </Field>
      <fieldset className="flex flex-wrap gap-1.5 pb-1">
        <legend className="sr-only">{words.recent}</legend>
        {recentHours.map((hours) => (
          <Button
            key={hours}
            size="small"
            onClick={() => onChange({ from: utcTimeOf(Date.now() - hours * HOUR_MS), to: null })}
          >
            {words.last(hours * HOUR_MS)}
          </Button>
        ))}
        {(from !== null || to !== null) && (
          <Button size="small" look="quiet" onClick={() => onChange({ from: null, to: null })}>
            {words.anyTime}
          </Button>
        )}
      </fieldset>
    </div>
  );
}
