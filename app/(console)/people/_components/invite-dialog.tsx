"use client";

import { type FormEvent, useState } from "react";
import { useDeeds } from "@/app/(console)/_components/use-deeds.ts";
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
  const { send, isSending, refusal, question } = useDeeds();
  const [link, setLink] = useState<LinkDto | null>(null);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const input = { email: form.get("email"), role: form.get("role") };
    void send(() => createInvitationAction(input), setLink);
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
