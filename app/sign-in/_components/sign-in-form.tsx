"use client";

import { useForm } from "react-hook-form";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";
import { type SignInRefusal, signIn } from "./sign-in.ts";
import { signInWords } from "./words.ts";

/** Until the form is alive, a press would send the password as an ordinary form, so the button waits for it. */
export function SignInForm({ next }: { next: string }) {
  const words = useWords(signInWords);
  const isAlive = useIsAlive();
  // Without values to begin with: what a browser filled in before the page came alive is taken as typed.
  const { register, handleSubmit, setError, formState } = useForm<{ email: string; password: string }>();
  const refusal = formState.errors.root?.type as SignInRefusal | undefined;
  // Once there is a session the next page is on its way.
  const isSending = formState.isSubmitting || formState.isSubmitSuccessful;

  const submit = handleSubmit(async ({ email, password }) => {
    const refused = await signIn(email, password);
    if (refused === null) {
      // A full load, so that nothing from before the session is kept.
      window.location.assign(next);
    } else {
      setError("root", { type: refused });
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
      {refusal !== undefined && (
        <Notice look="bad" role="alert">
          {words.refusals[refusal]}
        </Notice>
      )}
      <Button type="submit" look="primary" disabled={!isAlive || isSending}>
        {isSending ? words.signingIn : words.signIn}
      </Button>
    </form>
  );
}
