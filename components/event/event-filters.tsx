"use client";

import { memo, useId } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { Select } from "@/components/ui/select.tsx";
import {
  conditionsIn,
  EVENT_SPANS,
  type EventSpan,
  FILTER_KEYS,
  type FilterKey,
  type EventFilters as Filters,
} from "./event-parameters.ts";
import { FilterAdder } from "./filter-adder.tsx";
import { OwnRange } from "./own-range.tsx";
import { eventWords } from "./words.ts";

type EventFiltersProps = {
  filters: Filters;
  /** The regions that history has events of. */
  regions: readonly string[];
  /** The window that is shown, ISO 8601. */
  window: { from: string; to: string } | null;
  onChange: (changed: Partial<Filters>) => void;
  onClear: () => void;
};

/** Which events are looked up. Every change is in the address at once. */
export const EventFilters = memo(function EventFilters({
  filters,
  regions,
  window,
  onChange,
  onClear,
}: EventFiltersProps) {
  const words = useWords(eventWords);
  const isOwnRange = filters.from !== null || filters.to !== null;
  const conditions = conditionsIn(filters).filter(({ key }) => key !== "EventRW");
  const offered = FILTER_KEYS.filter((key) => filters[key] === null);
  return (
    <fieldset className="mb-3 grid gap-2.5 rounded-card border border-line bg-card px-3.5 py-3">
      <legend className="sr-only">{words.filters}</legend>
      <div className="flex flex-wrap items-center gap-2">
        <SpanChoice
          span={isOwnRange ? null : filters.last}
          onChoose={(last) => onChange({ last, from: null, to: null })}
        />
        <OwnRange isOwn={isOwnRange} window={window} onChoose={onChange} />
      </div>
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <RegionSelect region={filters.region} regions={regions} onChoose={(region) => onChange({ region })} />
        <Choice
          staysRow
          label={words.rw}
          value={filters.EventRW ?? "all"}
          options={(["all", "Read", "Write"] as const).map((value) => ({ value, label: words.rws[value] }))}
          onChoose={(chosen) => onChange({ EventRW: chosen === "all" ? null : chosen })}
        />
        <Choice
          staysRow
          label={words.order}
          value={filters.order}
          options={(["newest", "oldest"] as const).map((value) => ({ value, label: words.orders[value] }))}
          onChoose={(order) => onChange({ order })}
        />
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        {conditions.map(({ key, value }) => (
          <Chip
            key={key}
            name={words.keys[key].name}
            value={value}
            onRemove={() => onChange({ [key as FilterKey]: null })}
          />
        ))}
        {offered.length > 0 && <FilterAdder offered={offered} onAdd={(key, value) => onChange({ [key]: value })} />}
        {(conditions.length > 0 || filters.region !== null || filters.EventRW !== null) && (
          <Button size="small" look="quiet" onClick={onClear}>
            {words.clearFilters}
          </Button>
        )}
      </div>
    </fieldset>
  );
});

type SpanChoiceProps = {
  /** Null while an own range is shown. */
  span: EventSpan | null;
  onChoose: (span: EventSpan) => void;
};

/** Spans that end now; in the browser's own list where there is no room beside each other. */
function SpanChoice({ span, onChoose }: SpanChoiceProps) {
  const words = useWords(eventWords);
  const choose = (chosen: string) => {
    const found = EVENT_SPANS.find((one) => one === chosen);
    if (found !== undefined) {
      onChoose(found);
    }
  };
  return (
    <>
      <span className="max-sm:hidden">
        <Choice
          label={words.span}
          value={span ?? ""}
          options={EVENT_SPANS.map((one) => ({ value: one, label: words.spans[one] }))}
          onChoose={choose}
        />
      </span>
      <span className="flex-1 sm:hidden">
        <Select aria-label={words.span} value={span ?? ""} onChange={(event) => choose(event.target.value)}>
          {span === null && <option value="">{words.ownRangeLabel}</option>}
          {EVENT_SPANS.map((one) => (
            <option key={one} value={one}>
              {words.spans[one]}
            </option>
          ))}
        </Select>
      </span>
    </>
  );
}

type RegionSelectProps = {
  region: string | null;
  regions: readonly string[];
  onChoose: (region: string | null) => void;
};

function RegionSelect({ region, regions, onChoose }: RegionSelectProps) {
  const words = useWords(eventWords);
  const id = useId();
  // A link may name a region that history has no event of, and the list has to say what holds.
  const listed = region === null || regions.includes(region) ? regions : [region, ...regions];
  return (
    <div className="w-44 max-sm:w-full">
      <label htmlFor={id} className="sr-only">
        {words.region}
      </label>
      <Select
        id={id}
        className="h-8"
        value={region ?? ""}
        onChange={(event) => onChoose(event.target.value === "" ? null : event.target.value)}
      >
        <option value="">{words.allRegions}</option>
        {listed.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </div>
  );
}

function Chip({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }) {
  const words = useWords(eventWords);
  return (
    <span className="inline-flex min-h-7 max-w-full items-center gap-2 rounded-control border border-line-strong bg-accent-soft pl-2.5 text-sm">
      <span className="min-w-0 py-1 break-all">
        <span className="text-ink-2">{name}</span> <span className="mono">{value}</span>
      </span>
      <button
        type="button"
        aria-label={words.removeFilter(name, value)}
        onClick={onRemove}
        className="min-h-7 shrink-0 self-stretch rounded-r-[5px] border-line-strong border-l px-2 text-xs text-ink-2 hover:text-ink max-sm:min-h-9"
      >
        {words.remove}
      </button>
    </span>
  );
}
