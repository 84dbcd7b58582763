"use client";

import { type FormEvent, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Disclosure } from "@/components/ui/disclosure.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { RangeFields } from "@/components/ui/range-fields.tsx";
import { parseLogQuery, QUERY_LENGTH_MAX } from "@/domain/log-service/query.ts";
import { logstoreWords } from "./words.ts";

type Search = { readonly q: string | null; readonly from: string | null; readonly to: string | null };

type SearchFormProps = {
  /** The search that the page shows. */
  query: string;
  from: string | null;
  to: string | null;
  isSearching: boolean;
  onSearch: (search: Partial<Search>) => void;
};

const RECENT_HOURS = [1, 24, 7 * 24, 30 * 24, 90 * 24];

/** What to look for, and from when to when. A search that means nothing is told where it goes wrong, and kept. */
export function SearchForm({ query, from, to, isSearching, onSearch }: SearchFormProps) {
  const words = useWords(logstoreWords);
  const [text, setText] = useState(query);
  const [tried, setTried] = useState(query);
  const [shown, setShown] = useState(query);
  // Another search, such as one that was gone back to, is put into the field that is there: a new one would lose the focus.
  if (shown !== query) {
    setShown(query);
    setText(query);
    setTried(query);
  }
  const parsed = parseLogQuery(tried);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(text);
    if (!("fault" in parseLogQuery(text))) {
      onSearch({ q: text.trim() === "" ? null : text });
    }
  };
  return (
    <form onSubmit={submit} noValidate className="mb-3 grid gap-2 rounded-card border border-line bg-card px-3.5 py-3">
      <div className="flex items-start gap-2 max-sm:flex-col max-sm:items-stretch">
        <Field
          label={words.query}
          hint={words.queryHint}
          error={"fault" in parsed ? words.faults[parsed.fault.why](parsed.fault.at + 1) : undefined}
          className="min-w-0 flex-1"
        >
          {(control) => (
            <Input
              {...control}
              type="search"
              name="q"
              autoComplete="off"
              spellCheck={false}
              maxLength={QUERY_LENGTH_MAX}
              placeholder={words.queryExample}
              value={text}
              className="mono"
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" look="primary" aria-disabled={isSearching} className="h-9 sm:mt-[23px] max-sm:h-10">
          {isSearching ? words.searching : words.search}
        </Button>
      </div>
      <RangeFields from={from} to={to} recentHours={RECENT_HOURS} onChange={onSearch} />
      <Disclosure name="help" summary={words.help}>
        <ul className="mt-1 max-w-[76ch] list-disc pl-5 text-ink-2">
          {words.helpLines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Disclosure>
    </form>
  );
}
