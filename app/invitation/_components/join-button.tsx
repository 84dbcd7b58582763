"use client";

import { useState } from "react";
import { joinAction } from "@/app/invitation/actions.ts";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Notice } from "@/components/ui/notice.tsx";

/** For who is signed in as the person who is invited. */
export function JoinButton({ token, email }: { token: string; email: string }) {
  const words = useWords(entranceWords);
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const join = async () => {
    setIsSending(true);
    setRefusal(null);
    const result = await joinAction({ token }).catch(() => null);
    if (result?.ok) {
      window.location.assign("/trails");
    } else {
      setRefusal(result?.error.message ?? words.refusals["no-answer"]);
      setIsSending(false);
    }
  };
  return (
    <div className="grid gap-3.5">
      {refusal !== null && (
        <Notice look="bad" role="alert">
          {refusal}
        </Notice>
      )}
      <Button look="primary" disabled={isSending} onClick={join}>
        {isSending ? words.joining : words.joinAs(email)}
      </Button>
    </div>
  );
}
