"use client";

import { type FormEvent, useState } from "react";
import { type AuthRefusal, postToAuth } from "@/components/access/auth-request.ts";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { NewPasswordField } from "@/components/access/new-password-field.tsx";
import { RefusalNotice } from "@/components/access/refusal-notice.tsx";
import { SingleSignOnButton } from "@/components/access/single-sign-on-button.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";

type AcceptFormProps = { token: string; email: string; singleSignOn: string | null };

/** For who is new: name and password, or the provider's word. Afterwards they are signed in. */
export function AcceptForm({ token, email, singleSignOn }: AcceptFormProps) {
  const words = useWords(entranceWords);
  const isAlive = useIsAlive();
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<AuthRefusal | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setIsSending(true);
    setRefusal(null);
    const body = { token, name: form.get("name"), password: form.get("password") };
    const answer = await postToAuth("/people/accept-invitation", body);
    if (answer.ok) {
      window.location.assign("/trails");
    } else {
      setRefusal(answer.refusal);
      setIsSending(false);
    }
  };

  return (
    <>
      <form method="post" onSubmit={submit} className="grid gap-3.5">
        <Field label={words.name}>
          {(control) => <Input {...control} name="name" required maxLength={100} autoComplete="name" />}
        </Field>
        <NewPasswordField email={email} />
        <RefusalNotice refusal={refusal} />
        <Button type="submit" look="primary" disabled={!isAlive || isSending}>
          {isSending ? words.joining : words.join}
        </Button>
      </form>
      {singleSignOn !== null && <SingleSignOnButton name={singleSignOn} next="/trails" />}
    </>
  );
}
