"use client";

import { type FormEvent, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Popover } from "@/components/ui/popover.tsx";
import { uiWords } from "@/components/ui/words.ts";
import { eventWords } from "./words.ts";

type Range = { from: string | null; to: string | null };

type OwnRangeProps = {
  /** Whether the window that is shown is an own one. */
  isOwn: boolean;
  window: { from: string; to: string } | null;
  onChoose: (range: Range) => void;
};

/** From when to when, in UTC; it begins with the window that is shown. */
export function OwnRange({ isOwn, window, onChoose }: OwnRangeProps) {
  const words = useWords(eventWords);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      open={isOpen}
      onOpenChange={setIsOpen}
      label={words.ownRangeLabel}
      trigger={
        <Button size="small" className={isOwn ? "bg-accent-soft" : ""} aria-pressed={isOwn}>
          {words.ownRange}
        </Button>
      }
    >
      <RangeForm
        window={window}
        onChoose={(range) => {
          setIsOpen(false);
          onChoose(range);
        }}
      />
    </Popover>
  );
}

function RangeForm({ window, onChoose }: Pick<OwnRangeProps, "window" | "onChoose">) {
  const words = useWords(eventWords);
  const shared = useWords(uiWords);
  const [from, setFrom] = useState(window?.from.slice(0, 19) ?? "");
  const [to, setTo] = useState(window?.to.slice(0, 19) ?? "");
  const [isReversed, setIsReversed] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isWrong = from !== "" && to !== "" && from >= to;
    setIsReversed(isWrong);
    if (!isWrong) {
      onChoose({ from: from || null, to: to || null });
    }
  };
  return (
    <form onSubmit={submit} className="grid w-[260px] max-w-full gap-3" noValidate>
      <Field label={shared.from} hint={shared.utc} error={isReversed ? shared.reversed : undefined}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            step={1}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        )}
      </Field>
      <Field label={shared.to} hint={shared.utcNotIncluded}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            step={1}
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button type="submit" look="primary" size="small">
          {words.apply}
        </Button>
      </div>
    </form>
  );
}
