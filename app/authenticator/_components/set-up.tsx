"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { authenticatorWords } from "@/components/access/authenticator-words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { usePreload } from "@/components/ui/use-preload.ts";

const loadDialog = () => import("@/components/access/authenticator-dialog.tsx");
const AuthenticatorDialog = dynamic(() => loadDialog().then((part) => part.AuthenticatorDialog), { ssr: false });

/** Sets the authenticator up; then the person goes on to where they wanted to go. */
export function SetUp({ hasPassword, next }: { hasPassword: boolean; next: string }) {
  const words = useWords(authenticatorWords);
  usePreload(loadDialog);
  const [isOpen, setIsOpen] = useState(false);
  const close = (isDone: boolean) => {
    setIsOpen(false);
    if (isDone) {
      // A full load, as after signing in.
      window.location.assign(next);
    }
  };
  return (
    <>
      <Button look="primary" onClick={() => setIsOpen(true)}>
        {words.enable}
      </Button>
      {isOpen && <AuthenticatorDialog deed="enable" hasPassword={hasPassword} onClose={close} />}
    </>
  );
}
