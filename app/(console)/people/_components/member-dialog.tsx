"use client";

import { useState } from "react";
import { useDeeds } from "@/app/(console)/_components/use-deeds.ts";
import {
  createPasswordResetAction,
  deleteMemberAction,
  disableMemberAction,
  enableMemberAction,
  endMemberSessionAction,
  endMemberSessionsAction,
  removeMemberTwoFactorAction,
  updateMemberAction,
} from "@/app/(console)/people/actions.ts";
import { SessionTable } from "@/components/access/session-table.tsx";
import { sessionWords } from "@/components/access/session-words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Deed } from "@/components/ui/deed.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { tell } from "@/components/ui/toast.ts";
import { ROLES, type Role } from "@/domain/access/role.ts";
import type { LinkDto, MemberDto } from "@/domain/access/schema.ts";
import { entranceWithoutTwoFactor } from "@/domain/access/second-factor.ts";
import { LinkNotice } from "./link-notice.tsx";
import { RoleSelect } from "./role-select.tsx";
import { peopleWords } from "./words.ts";

type MemberDialogProps = { member: MemberDto; isSelf: boolean; now: string; onClose: () => void };

/** What an admin can do about one member. Each is done at once, and said; it stays open for the next. */
export function MemberDialog({ member, isSelf, now, onClose }: MemberDialogProps) {
  const words = useWords(peopleWords);
  const session = useWords(sessionWords);
  const { send, isSending, refusal, question } = useDeeds();
  const [role, setRole] = useState<Role>(member.role);
  const [link, setLink] = useState<LinkDto | null>(null);
  const { userId, email, sessions } = member;
  const entrance = entranceWithoutTwoFactor(member);
  const say = (sentence: string) => () => tell(sentence);

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={member.name}
      description={isSelf ? `${email} ${words.you}` : email}
    >
      <DialogBody>
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (role !== member.role) {
              void send(() => updateMemberAction({ userId, role }), say(words.roleChanged(email)));
            }
          }}
        >
          <Field label={words.role} rule={words.roleRule} className="flex-1">
            {(control) => (
              <RoleSelect
                {...control}
                value={role}
                onChange={(event) => setRole(ROLES.find((known) => known === event.target.value) ?? member.role)}
              />
            )}
          </Field>
          <Button type="submit" className="mb-[21px]" aria-disabled={isSending || role === member.role}>
            {words.changeRole}
          </Button>
        </form>
        <Deed why={words.sessionsOf(sessions.length)}>
          <Button
            size="small"
            aria-disabled={isSending}
            onClick={() => send(() => endMemberSessionsAction({ userId }), say(words.sessionsEnded(email)))}
          >
            {words.endSessions}
          </Button>
        </Deed>
        {sessions.length > 0 && (
          <Card aria-label={session.sessions}>
            <SessionTable
              sessions={sessions}
              now={now}
              isSending={isSending}
              onEnd={(sessionId) => send(() => endMemberSessionAction({ userId, sessionId }), say(session.ended))}
            />
          </Card>
        )}
        <Deed why={words.resetWhy}>
          <Button
            size="small"
            aria-disabled={isSending}
            onClick={() => send(() => createPasswordResetAction({ userId }), setLink)}
          >
            {words.resetLink}
          </Button>
        </Deed>
        {link !== null && <LinkNotice link={link} label={words.passwordLink} />}
        {member.hasTwoFactor && !(isSelf && member.isTwoFactorRequired) && (
          <Deed why={words.twoFactorWhy[entrance]}>
            <Button
              size="small"
              aria-disabled={isSending}
              onClick={() =>
                send(() => removeMemberTwoFactorAction({ userId }), say(words.twoFactorRemoved[entrance](email)))
              }
            >
              {words.removeTwoFactor}
            </Button>
          </Deed>
        )}
        {member.isDisabled ? (
          <Deed why={words.enableWhy}>
            <Button
              size="small"
              aria-disabled={isSending}
              onClick={() => send(() => enableMemberAction({ userId }), say(words.enabled(email)))}
            >
              {words.enable}
            </Button>
          </Deed>
        ) : (
          <Deed why={words.disableWhy}>
            <Button
              size="small"
              aria-disabled={isSending}
              onClick={() => send(() => disableMemberAction({ userId }), say(words.disabledNow(email)))}
            >
              {words.disable}
            </Button>
          </Deed>
        )}
        {member.isDisabled && (
          <Deed why={words.removeWhy}>
            <Button
              size="small"
              aria-disabled={isSending}
              look="danger"
              onClick={() =>
                send(
                  () => deleteMemberAction({ userId }),
                  () => {
                    tell(words.removed(email));
                    onClose();
                  },
                )
              }
            >
              {words.remove}
            </Button>
          </Deed>
        )}
        {refusal !== null && (
          <Notice look="bad" role="alert">
            {refusal}
          </Notice>
        )}
      </DialogBody>
      <DialogFoot>
        <DialogClose asChild>
          <Button className="ml-auto">{words.done}</Button>
        </DialogClose>
      </DialogFoot>
      {question}
    </Dialog>
  );
}
