"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { confirmIdentityAction } from "@/app/(console)/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { frameWords } from "./words.ts";

type ConfirmedAction = {
  /** Sends an action; where it wants somebody who has just shown who they are, asks them first and sends it again. Never rejects. */
  readonly run: <Data>(action: () => Promise<ActionResult<Data>>) => Promise<ActionResult<Data>>;
  /** The question, for the page to hold; nothing while it is not asked. */
  readonly question: ReactNode;
};

/** For actions that run through runFreshAction: inviting people, changing roles. */
export function useConfirmedAction(): ConfirmedAction {
  const words = useWords(frameWords);
  const [answer, setAnswer] = useState<((isConfirmed: boolean) => void) | null>(null);

  const run = async <Data,>(action: () => Promise<ActionResult<Data>>): Promise<ActionResult<Data>> => {
    const send = () =>
      action().catch((): ActionResult<Data> => ({ ok: false, error: { code: "Fault", message: words.noAnswer } }));
    const result = await send();
    if (result.ok || result.error.code !== "ReauthenticationRequired") {
      return result;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    setAnswer(() => resolve);
    const isConfirmed = await promise;
    setAnswer(null);
    return isConfirmed ? await send() : result;
  };

  return { run, question: answer === null ? null : <Confirmation onAnswer={answer} /> };
}

function Confirmation({ onAnswer }: { onAnswer: (isConfirmed: boolean) => void }) {
  const words = useWords(frameWords);
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<string | undefined>();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    // The question may stand inside another form, in React's tree.
    event.stopPropagation();
    event.preventDefault();
    if (isSending) {
      return;
    }
    const proof = String(new FormData(event.currentTarget).get("proof"));
    setIsSending(true);
    setRefusal(undefined);
    const result = await confirmIdentityAction({ proof }).catch(() => null);
    setIsSending(false);
    if (result?.ok) {
      onAnswer(true);
    } else {
      setRefusal(result?.error.message ?? words.noAnswer);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onAnswer(false)}
      title={words.confirmTitle}
      description={words.confirmWhy}
    >
      <form method="post" onSubmit={submit}>
        <DialogBody>
          <Field label={words.proof} rule={words.proofRule} error={refusal}>
            {(control) => (
              <Input {...control} name="proof" type="password" required autoFocus autoComplete="current-password" />
            )}
          </Field>
        </DialogBody>
        <DialogFoot>
          <Button className="ml-auto" onClick={() => onAnswer(false)}>
            {words.cancel}
          </Button>
          <Button look="primary" type="submit" aria-disabled={isSending}>
            {words.confirm}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
