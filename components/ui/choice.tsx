"use client";

import { RadioGroup } from "radix-ui";
import { cn } from "./class-names.ts";

type ChoiceOption<Value extends string> = { value: Value; label: string; disabled?: boolean };

type ChoiceProps<Value extends string> = {
  label: string;
  value: Value;
  options: readonly ChoiceOption<Value>[];
  onChoose: (value: Value) => void;
  /** The element that says what the choice means. */
  describedBy?: string;
  /** Side by side on a narrow screen, too: for options of one short word. */
  staysRow?: boolean;
};

/** One of a few, side by side; arrow keys move. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChoose,
  describedBy,
  staysRow = false,
}: ChoiceProps<Value>) {
  const choose = (chosen: string) => {
    const option = options.find((candidate) => candidate.value === chosen);
    if (option !== undefined) {
      onChoose(option.value);
    }
  };
  return (
    <RadioGroup.Root
      aria-label={label}
      aria-describedby={describedBy}
      value={value}
      onValueChange={choose}
      className={cn(
        "inline-flex rounded-control border border-line-strong",
        !staysRow && "max-sm:flex max-sm:flex-col",
      )}
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          disabled={option.disabled}
          className={cn(
            "border-line px-[11px] py-1.5 text-left text-sm text-ink-2 first-of-type:rounded-l-[5px] last-of-type:rounded-r-[5px] disabled:opacity-50 data-[state=checked]:bg-accent-soft data-[state=checked]:font-semibold data-[state=checked]:text-ink not-last-of-type:border-r max-sm:py-2.5",
            !staysRow && "max-sm:rounded-[5px] max-sm:not-last-of-type:border-r-0 max-sm:not-last-of-type:border-b",
          )}
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
