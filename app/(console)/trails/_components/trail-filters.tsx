"use client";

import { useQueryStates } from "nuqs";
import { useWords } from "@/components/language/language-provider.tsx";
import { trailWords } from "@/components/trail/words.ts";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Select } from "@/components/ui/select.tsx";
import { TRAIL_STATUSES } from "@/domain/trail/trail.ts";
import { TRAIL_SORTS, trailListLink } from "./trail-list-state.ts";
import { trailsWords } from "./words.ts";

/** Which trails the list shows; and in which order, where its columns have no room for that. */
export function TrailFilters({ shown, total }: { shown: number; total: number }) {
  const words = useWords(trailsWords);
  const { status: statusWords } = useWords(trailWords);
  const [{ find, status, sort }, setLink] = useQueryStates(trailListLink);
  return (
    <search className="mb-3 flex flex-wrap items-end gap-x-3 gap-y-2">
      <Field label={words.find} className="w-64 max-sm:w-full">
        {(control) => (
          <Input
            {...control}
            type="search"
            value={find}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setLink({ find: event.target.value || null })}
          />
        )}
      </Field>
      <Field label={words.status} className="w-40 max-sm:w-full">
        {(control) => (
          <Select
            {...control}
            value={status ?? ""}
            onChange={(event) =>
              setLink({ status: TRAIL_STATUSES.find((known) => known === event.target.value) ?? null })
            }
          >
            <option value="">{words.anyStatus}</option>
            {TRAIL_STATUSES.map((known) => (
              <option key={known} value={known}>
                {statusWords[known]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={words.order} className="w-full lg:hidden">
        {(control) => (
          <Select
            {...control}
            value={sort ?? ""}
            onChange={(event) => setLink({ sort: TRAIL_SORTS.find((known) => known === event.target.value) ?? null })}
          >
            <option value="">{words.orders.none}</option>
            {TRAIL_SORTS.map((known) => (
              <option key={known} value={known}>
                {words.orders[known]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <p className="flex min-h-9 items-center gap-2 text-sm text-ink-3 tabular-nums">
        {words.shown(shown, total)}
        {shown < total && (
          <Button size="small" look="quiet" onClick={() => setLink({ find: null, status: null })}>
            {words.clear}
          </Button>
        )}
      </p>
    </search>
  );
}
