"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import type { AuthenticatorDeed } from "@/components/access/authenticator-dialog.tsx";
import { authenticatorWords } from "@/components/access/authenticator-words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { usePreload } from "@/components/ui/use-preload.ts";
import { securityWords } from "./words.ts";

const loadDialog = () => import("@/components/access/authenticator-dialog.tsx");
const AuthenticatorDialog = dynamic(() => loadDialog().then((part) => part.AuthenticatorDialog), { ssr: false });

type AuthenticatorCardProps = {
  hasPassword: boolean;
  hasTwoFactor: boolean;
  /** Whether it is not the person's to remove. */
  isTwoFactorRequired: boolean;
  backupCodes: number;
};

/** Whether a code is asked for at sign-in, and what can be done about it. */
export function AuthenticatorCard({
  hasPassword,
  hasTwoFactor,
  isTwoFactorRequired,
  backupCodes,
}: AuthenticatorCardProps) {
  const words = useWords(securityWords);
  const authenticator = useWords(authenticatorWords);
  usePreload(loadDialog);
  const requiredId = useId();
  const router = useRouter();
  const [deed, setDeed] = useState<AuthenticatorDeed | null>(null);
  const entrance = hasPassword ? "password" : "provider";
  const close = () => {
    setDeed(null);
    router.refresh();
  };
  return (
    <Card className="px-[18px] py-3.5">
      <CardTitle>{words.authenticator}</CardTitle>
      {hasTwoFactor ? (
        <>
          <StateMark shape="check" tone="ok">
            {words.authenticatorOn}
          </StateMark>
          <p className="mt-1 text-ink-2">{words.backupCodesLeft(backupCodes)}</p>
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="small" onClick={() => setDeed("renew")}>
              {words.renewCodes}
            </Button>
            <Button
              size="small"
              disabled={isTwoFactorRequired}
              aria-describedby={isTwoFactorRequired ? requiredId : undefined}
              onClick={() => setDeed("disable")}
            >
              {words.disable}
            </Button>
          </div>
          {isTwoFactorRequired && (
            <p id={requiredId} className="mt-2 text-sm text-ink-2">
              {words.required}
            </p>
          )}
        </>
      ) : (
        <>
          <StateMark shape="dashed" tone="still">
            {words.authenticatorOff[entrance]}
          </StateMark>
          <p className="mt-1 text-ink-2">{words.authenticatorWhy[entrance]}</p>
          <Button size="small" className="mt-3" onClick={() => setDeed("enable")}>
            {authenticator.enable}
          </Button>
        </>
      )}
      {deed !== null && <AuthenticatorDialog deed={deed} hasPassword={hasPassword} onClose={close} />}
    </Card>
  );
}
