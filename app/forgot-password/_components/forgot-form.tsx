"use client";

import { type FormEvent, useState } from "react";
import { type AuthRefusal, postToAuth } from "@/components/access/auth-request.ts";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { RefusalNotice } from "@/components/access/refusal-notice.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";
import { useTold } from "@/components/ui/use-told.ts";

/** Says the same whether somebody has the address or nobody. */
export function ForgotForm() {
  const words = useWords(entranceWords);
  const isAlive = useIsAlive();
  const [isSending, setIsSending] = useState(false);
  const [isSent, setIsSent] = useState(false);
  const [refusal, setRefusal] = useState<AuthRefusal | null>(null);

  useTold(isSent ? words.linkSent : null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setIsSending(true);
    setRefusal(null);
    const email = new FormData(event.currentTarget).get("email");
    const answer = await postToAuth("/people/request-password-reset", { email });
    setIsSending(false);
    setIsSent(answer.ok);
    setRefusal(answer.ok ? null : answer.refusal);
  };

  return (
    <form method="post" onSubmit={submit} className="grid gap-3.5">
      <Field label={words.email}>
        {(control) => <Input {...control} name="email" type="email" required autoComplete="username" />}
      </Field>
      <RefusalNotice refusal={refusal} />
      {isSent && <Notice>{words.linkSent}</Notice>}
      <Button type="submit" look="primary" disabled={!isAlive || isSending}>
        {isSending ? words.sendingLink : words.sendLink}
      </Button>
    </form>
  );
}
