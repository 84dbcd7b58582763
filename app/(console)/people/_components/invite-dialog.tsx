"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useConfirmedAction } from "@/app/(console)/_components/use-confirmed-action.tsx";
import { createInvitationAction } from "@/app/(console)/people/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { LinkDto } from "@/domain/access/schema.ts";
import { LinkNotice } from "./link-notice.tsx";
import { RoleSelect } from "./role-select.tsx";
import { peopleWords } from "./words.ts";

/** Asks for address and role, then shows the link, once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const words = useWords(peopleWords);
  const router = useRouter();
  const { run, question } = useConfirmedAction();
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [link, setLink] = useState<LinkDto | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isSending) {
      return;
    }
    const form = new FormData(event.currentTarget);
    const input = { email: form.get("email"), role: form.get("role") };
    setIsSending(true);
    setRefusal(null);
    const result = await run(() => createInvitationAction(input));
    setIsSending(false);
    if (result.ok) {
      setLink(result.data);
      router.refresh();
    } else {
      setRefusal(result.error.message);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={words.inviteTitle}
      description={words.inviteWhy}
    >
      <form method="post" onSubmit={submit}>
        <DialogBody>
          {link === null ? (
            <>
              <Field label={words.email}>
                {(control) => (
                  <Input {...control} name="email" type="email" required maxLength={254} autoComplete="off" />
                )}
              </Field>
              <Field label={words.role} rule={words.roleRule}>
                {(control) => <RoleSelect {...control} name="role" defaultValue="viewer" />}
              </Field>
            </>
          ) : (
            <LinkNotice link={link} label={words.invitationLink} />
          )}
          {refusal !== null && (
            <Notice look="bad" role="alert">
              {refusal}
            </Notice>
          )}
        </DialogBody>
        <DialogFoot>
          <DialogClose asChild>
            <Button className="ml-auto">{link === null ? words.cancel : words.done}</Button>
          </DialogClose>
          {link === null && (
            <Button look="primary" type="submit" aria-disabled={isSending}>
              {isSending ? words.inviting : words.inviteNow}
            </Button>
          )}
        </DialogFoot>
      </form>
      {question}
    </Dialog>
  );
}
