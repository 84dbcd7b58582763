import type { ComponentProps } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { redeliverWords } from "./words.ts";

/** Why history is sent again: who reads the job's report or the audit is told. */
export function ReasonField(input: ComponentProps<typeof Input>) {
  const words = useWords(redeliverWords);
  return (
    <Field label={words.reason} hint={words.reasonHint}>
      {(field) => <Input {...field} {...input} maxLength={500} autoComplete="off" />}
    </Field>
  );
}
