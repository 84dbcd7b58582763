"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "@/domain/access/password.ts";
import { entranceWords } from "./entrance-words.ts";

/** A new password, with its rule; a password manager is told for whom, where that is known. */
export function NewPasswordField({ email }: { email?: string }) {
  const words = useWords(entranceWords);
  return (
    <>
      {email !== undefined && (
        <input type="email" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
      )}
      <Field label={words.newPassword} rule={words.passwordRule}>
        {(control) => (
          <Input
            {...control}
            name="password"
            type="password"
            required
            minLength={PASSWORD_LENGTH_MIN}
            maxLength={PASSWORD_LENGTH_MAX}
            autoComplete="new-password"
          />
        )}
      </Field>
    </>
  );
}
