"use client";

import { type FormEvent, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Popover } from "@/components/ui/popover.tsx";
import { Select } from "@/components/ui/select.tsx";
import { LOOKUP_VALUE_LENGTH_MAX } from "@/domain/event/lookup.ts";
import { FILTER_KEYS, type FilterKey } from "./event-parameters.ts";
import { eventWords } from "./words.ts";

type FilterAdderProps = { offered: readonly FilterKey[]; onAdd: (key: FilterKey, value: string) => void };

/** One more condition: a key of those that have none yet, and the exact value. */
export function FilterAdder({ offered, onAdd }: FilterAdderProps) {
  const words = useWords(eventWords);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      open={isOpen}
      onOpenChange={setIsOpen}
      label={words.addFilterLabel}
      trigger={<Button size="small">{words.addFilter}</Button>}
    >
      <AdderForm
        offered={offered}
        onAdd={(key, value) => {
          setIsOpen(false);
          onAdd(key, value);
        }}
      />
    </Popover>
  );
}

function AdderForm({ offered, onAdd }: FilterAdderProps) {
  const words = useWords(eventWords);
  const [chosen, setChosen] = useState<FilterKey | undefined>(offered[0]);
  const [value, setValue] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A value that was copied from somewhere often brings blanks along, and no event's begins or ends with one.
    const trimmed = value.trim();
    setIsMissing(trimmed === "");
    if (chosen !== undefined && trimmed !== "") {
      onAdd(chosen, trimmed);
    }
  };
  return (
    <form onSubmit={submit} className="grid w-[320px] max-w-full gap-3" noValidate>
      <Field label={words.field} hint={chosen === undefined ? undefined : words.keys[chosen].hint}>
        {(control) => (
          <Select
            {...control}
            value={chosen}
            onChange={(event) => setChosen(FILTER_KEYS.find((key) => key === event.target.value))}
          >
            {offered.map((key) => (
              <option key={key} value={key}>
                {words.keys[key].name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={words.value} hint={words.valueHint} error={isMissing ? words.valueMissing : undefined}>
        {(control) => (
          <Input
            {...control}
            className="mono"
            autoComplete="off"
            spellCheck={false}
            maxLength={LOOKUP_VALUE_LENGTH_MAX}
            value={value}
            onChange={(event) => {
              setValue(event.target.value);
              setIsMissing(false);
            }}
          />
        )}
      </Field>
      <div>
        <Button type="submit" look="primary" size="small">
          {words.addIt}
        </Button>
      </div>
    </form>
  );
}
