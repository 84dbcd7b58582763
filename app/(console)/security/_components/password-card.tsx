"use client";

import { type FormEvent, useState } from "react";
import type { ActionError } from "@/app/_request/action-result.ts";
import { frameWords } from "@/app/(console)/_components/words.ts";
import { changePasswordAction } from "@/app/(console)/security/actions.ts";
import { authenticatorWords } from "@/components/access/authenticator-words.ts";
import { NewPasswordField } from "@/components/access/new-password-field.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { tell } from "@/components/ui/toast.ts";
import { securityWords } from "./words.ts";

/** Sets another password; all other sessions end with it. */
export function PasswordCard({ email, hasPassword }: { email: string; hasPassword: boolean }) {
  const words = useWords(securityWords);
  const frame = useWords(frameWords);
  const { presentPassword } = useWords(authenticatorWords);
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<Pick<ActionError, "field" | "message"> | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isSending) {
      return;
    }
    const form = event.currentTarget;
    const typed = new FormData(form);
    const input = { present: typed.get("present"), password: typed.get("password") };
    setIsSending(true);
    setRefusal(null);
    const result = await changePasswordAction(input).catch(() => null);
    setIsSending(false);
    if (result?.ok) {
      form.reset();
      tell(words.passwordChanged);
    } else {
      setRefusal(result?.error ?? { message: frame.noAnswer });
    }
  };

  return (
    <Card className="px-[18px] py-3.5">
      <CardTitle>{words.password}</CardTitle>
      {hasPassword ? (
        <form method="post" onSubmit={submit} className="grid max-w-[360px] gap-3.5">
          <Field label={presentPassword} error={refusal?.field === "present" ? refusal.message : undefined}>
            {(control) => (
              <Input {...control} name="present" type="password" required autoComplete="current-password" />
            )}
          </Field>
          <NewPasswordField email={email} />
          {refusal !== null && refusal.field !== "present" && (
            <Notice look="bad" role="alert">
              {refusal.message}
            </Notice>
          )}
          <p className="text-sm text-ink-2">{words.othersEnd}</p>
          <Button type="submit" className="justify-self-start" aria-disabled={isSending}>
            {words.changePassword}
          </Button>
        </form>
      ) : (
        <p className="text-ink-2">{words.noPassword}</p>
      )}
    </Card>
  );
}
