"use client";

import { type FormEvent, useEffect, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { type SignInRefusal, signIn } from "./sign-in.ts";
import { signInWords } from "./words.ts";

/** Until the form is alive, a press would send the password as an ordinary form, so the button waits for it. */
export function SignInForm({ next }: { next: string }) {
  const words = useWords(signInWords);
  const [isAlive, setIsAlive] = useState(false);
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null);
  useEffect(() => setIsAlive(true), []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setIsSending(true);
    setRefusal(null);
    const refused = await signIn(String(form.get("email")), String(form.get("password")));
    if (refused === null) {
      // A full load, so that nothing from before the session is kept.
      window.location.assign(next);
    } else {
      setRefusal(refused);
      setIsSending(false);
    }
  };

  return (
    <form method="post" onSubmit={submit} className="grid gap-3.5">
      <Field label={words.email}>
        {(control) => <Input {...control} name="email" type="email" required autoComplete="username" />}
      </Field>
      <Field label={words.password}>
        {(control) => <Input {...control} name="password" type="password" required autoComplete="current-password" />}
      </Field>
      {refusal !== null && (
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
