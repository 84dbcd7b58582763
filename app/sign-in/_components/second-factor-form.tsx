"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { type AuthRefusal, postToAuth } from "@/components/access/auth-request.ts";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { RefusalNotice } from "@/components/access/refusal-notice.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";

const WAYS = {
  app: { path: "/two-factor/verify-totp", inputMode: "numeric", autoComplete: "one-time-code" },
  backup: { path: "/two-factor/verify-backup-code", inputMode: "text", autoComplete: "off" },
} as const;

type SecondFactorFormProps = { onDone: () => void; onStartOver: () => void };

/** The code of the authenticator app, or one of the backup codes of who has not got it at hand. */
export function SecondFactorForm({ onDone, onStartOver }: SecondFactorFormProps) {
  const words = useWords(entranceWords);
  const [way, setWay] = useState<keyof typeof WAYS>("app");
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<AuthRefusal | null>(null);
  const headingRef = useRef<HTMLHeadingElement>(null);
  // The password's field, which had the focus, is gone.
  useEffect(() => headingRef.current?.focus(), []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code")).replaceAll(" ", "");
    setIsSending(true);
    setRefusal(null);
    const answer = await postToAuth(WAYS[way].path, { code });
    if (answer.ok) {
      onDone();
    } else {
      setRefusal(answer.refusal);
      setIsSending(false);
    }
  };

  return (
    <form method="post" onSubmit={submit} className="grid gap-3.5">
      <div>
        <h2 ref={headingRef} tabIndex={-1} className="text-[14px] font-[640] outline-none">
          {words.codeTitle}
        </h2>
        <p className="mt-1 text-ink-2">{way === "app" ? words.codeWhy : words.backupCodeWhy}</p>
      </div>
      <Field key={way} label={way === "app" ? words.code : words.backupCode}>
        {(control) => (
          <Input
            {...control}
            name="code"
            required
            spellCheck={false}
            inputMode={WAYS[way].inputMode}
            autoComplete={WAYS[way].autoComplete}
            className="mono"
          />
        )}
      </Field>
      <RefusalNotice refusal={refusal} />
      <Button type="submit" look="primary" disabled={isSending}>
        {words.confirmCode}
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button size="small" look="quiet" onClick={() => setWay(way === "app" ? "backup" : "app")}>
          {way === "app" ? words.useBackupCode : words.useApp}
        </Button>
        <Button size="small" look="quiet" onClick={onStartOver}>
          {words.startOver}
        </Button>
      </div>
    </form>
  );
}
