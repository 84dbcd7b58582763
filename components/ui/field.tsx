import { Label } from "radix-ui";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./class-names.ts";

type FieldControlProps = { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined };

type FieldProps = {
  label: ReactNode;
  /** Beside the label, in the same line: what the field is for. */
  hint?: ReactNode;
  /** Below the control: what may be in it. */
  rule?: ReactNode;
  /** Below the control: what is wrong and what would be right. */
  error?: string | undefined;
  className?: string;
  children: (control: FieldControlProps) => ReactNode;
};

/** A labelled control whose hint and error are tied to it. */
export function Field({ label, hint, rule, error, className, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const ruleId = `${id}-rule`;
  const errorId = `${id}-error`;
  // What is wrong says what would be right, in the same place.
  const isRuleShown = rule !== undefined && error === undefined;
  const described = [hint !== undefined && hintId, isRuleShown && ruleId, error !== undefined && errorId]
    .filter(Boolean)
    .join(" ");
  return (
    <div className={className}>
      <div className="mb-1 flex flex-wrap gap-x-1.5 text-sm">
        <Label.Root htmlFor={id} className="font-[550]">
          {label}
        </Label.Root>
        {hint !== undefined && (
          <span id={hintId} className="text-ink-3">
            {hint}
          </span>
        )}
      </div>
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {error !== undefined && (
        <p id={errorId} className="mt-1 text-sm text-bad">
          {error}
        </p>
      )}
      {isRuleShown && (
        <p id={ruleId} className="mt-1 text-xs text-ink-3">
          {rule}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return (
    <input
      className={cn(
        "h-9 w-full min-w-0 rounded-control border border-line-strong bg-card px-2.5 text-ink placeholder:text-ink-3 read-only:text-ink-2 aria-invalid:border-bad max-sm:h-10",
        className,
      )}
      {...rest}
    />
  );
}
