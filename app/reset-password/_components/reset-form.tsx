"use client";

import { type FormEvent, useState } from "react";
import { type AuthRefusal, postToAuth } from "@/components/access/auth-request.ts";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { NewPasswordField } from "@/components/access/new-password-field.tsx";
import { RefusalNotice } from "@/components/access/refusal-notice.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";

/** Sets the password, and goes on to sign-in. */
export function ResetForm({ token }: { token: string }) {
  const words = useWords(entranceWords);
  const isAlive = useIsAlive();
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<AuthRefusal | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setIsSending(true);
    setRefusal(null);
    const password = new FormData(event.currentTarget).get("password");
    const answer = await postToAuth("/people/reset-password", { token, password });
    if (answer.ok) {
      window.location.assign("/sign-in?reset=1");
    } else {
      setRefusal(answer.refusal);
      setIsSending(false);
    }
  };

  return (
    <form method="post" onSubmit={submit} className="grid gap-3.5">
      <NewPasswordField />
      <RefusalNotice refusal={refusal} />
      <Button type="submit" look="primary" disabled={!isAlive || isSending}>
        {isSending ? words.settingPassword : words.setPassword}
      </Button>
    </form>
  );
}
