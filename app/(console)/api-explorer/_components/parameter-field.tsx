import { useWords } from "@/components/language/language-provider.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { CallField } from "@/domain/rpc/call-fields.ts";
import { explorerWords } from "./words.ts";

const FLAG_VALUES = ["true", "false"];

type ParameterFieldProps = { field: CallField; value: string; onChange: (value: string) => void };

/** One parameter. Nothing is checked here: what the API says to a bad value is what one may want to see. */
export function ParameterField({ field: { name, kind, options, isRequired }, value, onChange }: ParameterFieldProps) {
  const words = useWords(explorerWords);
  const choices = kind === "flag" ? FLAG_VALUES : options;
  return (
    <Field label={<span className="mono">{name}</span>} hint={isRequired ? words.required : undefined}>
      {(control) =>
        kind === "choice" || kind === "flag" ? (
          <Select {...control} name={name} value={value} onChange={(event) => onChange(event.target.value)}>
            <option value="">{words.notSent}</option>
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </Select>
        ) : (
          <Input
            {...control}
            name={name}
            type={kind === "date" ? "date" : "text"}
            inputMode={kind === "number" ? "numeric" : undefined}
            aria-required={isRequired}
            autoComplete="off"
            spellCheck={false}
            className="mono"
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}
