"use client";

import { useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { type AuthRefusal, postToAuth } from "./auth-request.ts";
import { entranceWords } from "./entrance-words.ts";
import { RefusalNotice } from "./refusal-notice.tsx";

type SingleSignOnButtonProps = {
  /** What the provider is called. */
  name: string;
  /** A path of the console. */
  next: string;
};

/** Sends the person to the provider, and from there to where they wanted to go; a refusal comes back to sign-in. */
export function SingleSignOnButton({ name, next }: SingleSignOnButtonProps) {
  const words = useWords(entranceWords);
  const [refusal, setRefusal] = useState<AuthRefusal | null>(null);
  const leave = async () => {
    setRefusal(null);
    const answer = await postToAuth("/sign-in/social", {
      provider: "oidc",
      callbackURL: next,
      errorCallbackURL: "/sign-in",
      disableRedirect: true,
    });
    if (answer.ok && typeof answer.data.url === "string") {
      window.location.assign(answer.data.url);
    } else {
      setRefusal(answer.ok ? "fault" : answer.refusal);
    }
  };
  return (
    <div className="mt-3.5 grid gap-3.5 border-t border-line pt-3.5">
      <Button onClick={leave}>{words.continueWith(name)}</Button>
      <RefusalNotice refusal={refusal} />
    </div>
  );
}
