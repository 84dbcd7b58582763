"use client";

import { debounce, type inferParserType, type Options } from "nuqs";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { RangeFields } from "@/components/ui/range-fields.tsx";
import { Select } from "@/components/ui/select.tsx";
import { JOB_PHASES } from "@/domain/history-job/history-job.ts";
import { JOB_ORDERS, WHO_LENGTH_MAX } from "@/domain/history-job/job-list.ts";
import { jobParameters } from "./job-parameters.ts";
import { jobsWords } from "./words.ts";

/** A pause in typing: sooner would ask for every letter, later would feel slow. */
const TYPING_PAUSE_MS = 300;

const RECENT_HOURS = [24, 7 * 24, 30 * 24];

type Parameters = inferParserType<typeof jobParameters>;

type JobFiltersProps = {
  parameters: Parameters;
  trailNames: readonly string[];
  isFiltered: boolean;
  onChange: (changed: Partial<Parameters>, options?: Options) => void;
};

/** Which jobs are shown, and in which order. Each change is in the address. */
export function JobFilters({ parameters, trailNames, isFiltered, onChange }: JobFiltersProps) {
  const words = useWords(jobsWords);
  const jobWords = useWords(historyJobWords);
  const { phase, trail, who, from, to, order } = parameters;
  // A trail that an address names and that has no jobs is still what the list is filtered by.
  const trails = trail === null || trailNames.includes(trail) ? trailNames : [trail, ...trailNames];
  return (
    <fieldset className="mb-3 grid gap-2 rounded-card border border-line bg-card px-3.5 py-3 print:hidden">
      <legend className="sr-only">{words.filters}</legend>
      <div className="grid grid-cols-4 gap-3 max-lg:grid-cols-2 max-sm:grid-cols-1">
        <Field label={jobWords.phase}>
          {(control) => (
            <Select
              {...control}
              name="phase"
              value={phase ?? ""}
              onChange={(event) => onChange({ phase: jobParameters.phase.parse(event.target.value) })}
            >
              <option value="">{words.anyPhase}</option>
              {JOB_PHASES.map((name) => (
                <option key={name} value={name}>
                  {jobWords.phases[name]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={jobWords.trail}>
          {(control) => (
            <Select
              {...control}
              name="trail"
              value={trail ?? ""}
              onChange={(event) => onChange({ trail: event.target.value || null })}
            >
              <option value="">{words.anyTrail}</option>
              {trails.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={words.who} hint={words.whoHint}>
          {(control) => (
            <Input
              {...control}
              type="search"
              name="who"
              autoComplete="off"
              maxLength={WHO_LENGTH_MAX}
              value={who ?? ""}
              onChange={(event) =>
                onChange({ who: event.target.value || null }, { limitUrlUpdates: debounce(TYPING_PAUSE_MS) })
              }
            />
          )}
        </Field>
        <Field label={words.order}>
          {(control) => (
            <Select
              {...control}
              name="order"
              value={order}
              onChange={(event) => onChange({ order: jobParameters.order.parse(event.target.value) ?? "newest" })}
            >
              {JOB_ORDERS.map((name) => (
                <option key={name} value={name}>
                  {words.orders[name]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div className="flex flex-wrap items-end gap-3">
        <RangeFields from={from} to={to} recentHours={RECENT_HOURS} onChange={onChange} />
        {isFiltered && (
          <Button
            size="small"
            className="mb-1 ml-auto max-sm:ml-0"
            onClick={() => onChange({ phase: null, trail: null, who: null, from: null, to: null })}
          >
            {words.clear}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
