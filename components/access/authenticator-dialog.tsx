"use client";

import { type FormEvent, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { tell } from "@/components/ui/toast.ts";
import { useTold } from "@/components/ui/use-told.ts";
import { type AuthRefusal, postToAuth } from "./auth-request.ts";
import { authenticatorWords } from "./authenticator-words.ts";
import { QrCode } from "./qr-code.tsx";
import { RefusalNotice } from "./refusal-notice.tsx";

const PATHS = {
  enable: "/two-factor/enable",
  renew: "/two-factor/generate-backup-codes",
  disable: "/two-factor/disable",
} as const;

export type AuthenticatorDeed = keyof typeof PATHS;

type Step = "password" | "scan" | "codes";

type AuthenticatorDialogProps = {
  deed: AuthenticatorDeed;
  hasPassword: boolean;
  /** @param isDone whether it was closed after the deed, and not instead of it */
  onClose: (isDone: boolean) => void;
};

/** Password first; then, to enable it, the QR code and a first code; in the end the backup codes, which are shown once. */
export function AuthenticatorDialog({ deed, hasPassword, onClose }: AuthenticatorDialogProps) {
  const words = useWords(authenticatorWords);
  const [step, setStep] = useState<Step>("password");
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<AuthRefusal | null>(null);
  const [uri, setUri] = useState("");
  const [codes, setCodes] = useState<readonly string[]>([]);

  const send = async (path: string, body: object) => {
    setIsSending(true);
    setRefusal(null);
    const answer = await postToAuth(path, body);
    setIsSending(false);
    if (!answer.ok) {
      setRefusal(answer.refusal);
    }
    return answer.ok ? answer.data : null;
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isSending) {
      return;
    }
    const form = new FormData(event.currentTarget);
    if (step === "codes") {
      onClose(true);
    } else if (step === "scan") {
      const code = String(form.get("code")).replaceAll(" ", "");
      if ((await send("/two-factor/verify-totp", { code })) !== null) {
        setStep("codes");
      }
    } else {
      const data = await send(PATHS[deed], hasPassword ? { password: form.get("password") } : {});
      if (data !== null && deed === "disable") {
        tell(words.disabled);
        onClose(true);
      } else if (data !== null) {
        setUri(String(data.totpURI ?? ""));
        setCodes(Array.isArray(data.backupCodes) ? data.backupCodes.map(String) : []);
        setStep(deed === "enable" ? "scan" : "codes");
      }
    }
  };

  const { title, why } = words.deeds[deed];
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose(step === "codes")} title={title} description={why}>
      <form method="post" onSubmit={submit}>
        <DialogBody>
          {step === "password" && hasPassword && (
            <Field label={words.presentPassword}>
              {(control) => (
                <Input {...control} name="password" type="password" required autoComplete="current-password" />
              )}
            </Field>
          )}
          {step === "password" && !hasPassword && <p>{words.noPasswordNeeded}</p>}
          {step === "scan" && <Scan uri={uri} />}
          {step === "codes" && <BackupCodes codes={codes} />}
          <RefusalNotice refusal={refusal} />
        </DialogBody>
        <DialogFoot>
          {step !== "codes" && (
            <DialogClose asChild>
              <Button className="ml-auto">{words.cancel}</Button>
            </DialogClose>
          )}
          <Button
            type="submit"
            look={deed === "disable" ? "danger" : "primary"}
            className={step === "codes" ? "ml-auto" : ""}
            aria-disabled={isSending}
          >
            {words.steps[step]}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function Scan({ uri }: { uri: string }) {
  const words = useWords(authenticatorWords);
  const key = new URL(uri).searchParams.get("secret") ?? "";
  return (
    <>
      <p>{words.scanWhy}</p>
      <QrCode text={uri} label={words.qrCode} />
      <p className="text-sm text-ink-2">
        {words.orKey} <code className="mono text-ink [overflow-wrap:anywhere]">{key.match(/.{1,4}/g)?.join(" ")}</code>{" "}
        <CopyButton text={key} label={words.copyKey} />
      </p>
      <Field label={words.firstCode}>
        {(control) => (
          <Input
            {...control}
            name="code"
            required
            inputMode="numeric"
            autoComplete="one-time-code"
            className="mono max-w-40"
          />
        )}
      </Field>
    </>
  );
}

function BackupCodes({ codes }: { codes: readonly string[] }) {
  const words = useWords(authenticatorWords);
  useTold(words.keepCodes);
  return (
    <>
      <p>{words.keepCodes}</p>
      <ul
        aria-label={words.backupCodes}
        className="mono grid grid-cols-2 gap-x-6 gap-y-1 rounded-control bg-sunk px-3 py-2.5"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyButton text={codes.join("\n")} label={words.copyCodes} className="justify-self-start" />
    </>
  );
}
