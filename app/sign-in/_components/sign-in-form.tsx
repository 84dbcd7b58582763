"use client";

import { useForm } from "react-hook-form";
import { type AuthRefusal, postToAuth } from "@/components/access/auth-request.ts";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { RefusalNotice } from "@/components/access/refusal-notice.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";

type SignInFormProps = { onDone: () => void; onSecondFactor: () => void };

/** Until the form is alive, a press would send the password as an ordinary form, so the button waits for it. */
export function SignInForm({ onDone, onSecondFactor }: SignInFormProps) {
  const words = useWords(entranceWords);
  const isAlive = useIsAlive();
  // Without values to begin with: what a browser filled in before the page came alive is taken as typed.
  const { register, handleSubmit, setError, formState } = useForm<{ email: string; password: string }>();
  const refusal = (formState.errors.root?.type as AuthRefusal | undefined) ?? null;
  // Once the password is right the next step is on its way.
  const isSending = formState.isSubmitting || formState.isSubmitSuccessful;

  const submit = handleSubmit(async (given) => {
    const answer = await postToAuth("/sign-in/email", given);
    if (!answer.ok) {
      setError("root", { type: answer.refusal });
    } else if (answer.data.twoFactorRedirect === true) {
      onSecondFactor();
    } else {
      onDone();
    }
  });

  return (
    <form method="post" onSubmit={submit} className="grid gap-3.5">
      <Field label={words.email}>
        {(control) => <Input {...control} {...register("email")} type="email" required autoComplete="username" />}
      </Field>
      <Field label={words.password}>
        {(control) => (
          <Input {...control} {...register("password")} type="password" required autoComplete="current-password" />
        )}
      </Field>
      <RefusalNotice refusal={refusal} />
      <Button type="submit" look="primary" disabled={!isAlive || isSending}>
        {isSending ? words.signingIn : words.signIn}
      </Button>
    </form>
  );
}
