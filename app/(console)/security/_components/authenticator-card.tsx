"use client";

import dynamic from "next/dynamic";
import { useId, useState } from "react";
import { NotOpened } from "@/app/(console)/_components/not-opened.tsx";
import { usePanel } from "@/app/(console)/_components/use-panel.ts";
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

/** Whether a code is asked for at sign-in, and what can be done about it; which dialog is open is in the address. */
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
  const { panel, open, close } = usePanel();
  const offered = offeredDeeds({ hasTwoFactor, isTwoFactorRequired });
  // Decided when it is asked for, and kept: in its last step, which alone shows the codes, the deed is done and no longer offered.
  const [asked, setAsked] = useState({ panel, deed: deedOf(panel, offered) });
  if (asked.panel !== panel) {
    setAsked({ panel, deed: deedOf(panel, offered) });
  }
  const { deed } = asked;
  const entrance = hasPassword ? "password" : "provider";
  return (
    <Card className="px-[18px] py-3.5">
      <CardTitle>{words.authenticator}</CardTitle>
      {panel !== null && deed === null && (
        <NotOpened why={words.notOffered[hasTwoFactor ? "on" : "off"]} className="mb-2" />
      )}
      {hasTwoFactor ? (
        <>
          <StateMark shape="check" tone="ok">
            {words.authenticatorOn}
          </StateMark>
          <p className="mt-1 text-ink-2">{words.backupCodesLeft(backupCodes)}</p>
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="small" onClick={() => open("renew")}>
              {words.renewCodes}
            </Button>
            <Button
              size="small"
              disabled={isTwoFactorRequired}
              aria-describedby={isTwoFactorRequired ? requiredId : undefined}
              onClick={() => open("disable")}
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
          <Button size="small" className="mt-3" onClick={() => open("enable")}>
            {authenticator.enable}
          </Button>
        </>
      )}
      {deed !== null && <AuthenticatorDialog deed={deed} hasPassword={hasPassword} onClose={close} />}
    </Card>
  );
}

/** What can be done as things are. */
function offeredDeeds({
  hasTwoFactor,
  isTwoFactorRequired,
}: Pick<AuthenticatorCardProps, "hasTwoFactor" | "isTwoFactorRequired">): readonly AuthenticatorDeed[] {
  if (!hasTwoFactor) {
    return ["enable"];
  }
  return isTwoFactorRequired ? ["renew"] : ["renew", "disable"];
}

/** The deed that an address names, null unless it is offered. */
function deedOf(panel: string | null, offered: readonly AuthenticatorDeed[]): AuthenticatorDeed | null {
  return offered.find((deed) => deed === panel) ?? null;
}
