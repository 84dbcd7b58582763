"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { type UseFormReturn, useForm, useFormState, useWatch } from "react-hook-form";
import type { z } from "zod";
import { useWords } from "@/components/language/language-provider.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import {
  ACCESS_KEY_NAME_LENGTH_MAX,
  type CreateAccessKeyInput,
  createAccessKeyInputSchema,
} from "@/domain/access/access-key-schema.ts";
import { PolicyField } from "./policy-field.tsx";
import { accessKeyWords } from "./words.ts";

/** As they are typed, and sent: the server reads the policy's text by the same parser. */
type KeyValues = z.input<typeof createAccessKeyInputSchema>;

type KeyForm = UseFormReturn<KeyValues, unknown, CreateAccessKeyInput>;

/** A form of KeyFields that begins with these values. */
export function useKeyForm(defaultValues: KeyValues): KeyForm {
  return useForm<KeyValues, unknown, CreateAccessKeyInput>({
    resolver: zodResolver(createAccessKeyInputSchema),
    defaultValues,
  });
}

/** What a key is for, and what it may do. */
export function KeyFields({ form: { register, setValue, control } }: { form: KeyForm }) {
  const words = useWords(accessKeyWords);
  const { errors, isSubmitted } = useFormState({ control });
  const policy = useWatch({ control, name: "policy" });
  return (
    <>
      <Field label={words.name} hint={words.nameHint} error={errors.name === undefined ? undefined : words.nameMissing}>
        {(attributes) => (
          <Input {...attributes} {...register("name")} maxLength={ACCESS_KEY_NAME_LENGTH_MAX} autoComplete="off" />
        )}
      </Field>
      <PolicyField
        registered={register("policy")}
        text={policy}
        isChecked={isSubmitted}
        onChoose={(text) => setValue("policy", text, { shouldDirty: true })}
      />
    </>
  );
}
