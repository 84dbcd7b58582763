"use client";

import { debounce, useQueryStates } from "nuqs";
import type { TransitionStartFunction } from "react";
import { auditEntryWords } from "@/components/access/audit-words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { RangeFields } from "@/components/ui/range-fields.tsx";
import { Select } from "@/components/ui/select.tsx";
import { AUDITED_ACTIONS } from "@/domain/access/action.ts";
import { AUDIT_OUTCOMES, AUDIT_WHO_LENGTH_MAX } from "@/domain/access/audit-outcome.ts";
import { auditParameters } from "./audit-parameters.ts";
import { auditWords } from "./words.ts";

/** A pause in typing: sooner would ask for every letter, later would feel slow. */
const TYPING_PAUSE_MS = 300;

const RECENT_HOURS = [1, 24, 7 * 24, 30 * 24];

const ACTIONS = AUDITED_ACTIONS.toSorted();

type AuditFiltersProps = { isReading: boolean; startReading: TransitionStartFunction };

/** Which entries are shown. Each change is in the address, and begins at the newest again. */
export function AuditFilters({ isReading, startReading }: AuditFiltersProps) {
  const words = useWords(auditWords);
  const entryWords = useWords(auditEntryWords);
  const [parameters, setParameters] = useQueryStates(auditParameters, {
    shallow: false,
    startTransition: startReading,
  });
  const { who, action, outcome, from, to } = parameters;
  const isFiltered = [who, action, outcome, from, to].some((value) => value !== null);
  type Change = Partial<typeof parameters>;
  const change = (changed: Change, limitUrlUpdates?: ReturnType<typeof debounce>) =>
    void setParameters({ ...changed, before: null, entry: null }, limitUrlUpdates && { limitUrlUpdates });
  return (
    <fieldset className="mb-3 grid gap-2 rounded-card border border-line bg-card px-3.5 py-3">
      <legend className="sr-only">{words.filters}</legend>
      <div className="grid grid-cols-[minmax(0,1.2fr)_minmax(0,1.2fr)_minmax(0,0.6fr)] gap-3 max-sm:grid-cols-1">
        <Field label={words.who} hint={words.whoHint}>
          {(control) => (
            <Input
              {...control}
              type="search"
              name="who"
              autoComplete="off"
              maxLength={AUDIT_WHO_LENGTH_MAX}
              value={who ?? ""}
              onChange={(event) => change({ who: event.target.value || null }, debounce(TYPING_PAUSE_MS))}
            />
          )}
        </Field>
        <Field label={words.action}>
          {(control) => (
            <Select
              {...control}
              name="action"
              value={action ?? ""}
              onChange={(event) => change({ action: auditParameters.action.parse(event.target.value) })}
            >
              <option value="">{words.anyAction}</option>
              {ACTIONS.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={words.outcome}>
          {(control) => (
            <Select
              {...control}
              name="outcome"
              value={outcome ?? ""}
              onChange={(event) => change({ outcome: auditParameters.outcome.parse(event.target.value) })}
            >
              <option value="">{words.anyOutcome}</option>
              {AUDIT_OUTCOMES.map((name) => (
                <option key={name} value={name}>
                  {entryWords.outcomes[name]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div className="flex flex-wrap items-end gap-3">
        <RangeFields from={from} to={to} recentHours={RECENT_HOURS} onChange={change} />
        {isFiltered && (
          <Button
            size="small"
            className="mb-1 ml-auto max-sm:ml-0"
            aria-disabled={isReading}
            onClick={() => change({ who: null, action: null, outcome: null, from: null, to: null })}
          >
            {words.clear}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
