"use client";

import dynamic from "next/dynamic";
import { NotOpened } from "@/app/(console)/_components/not-opened.tsx";
import { usePanel } from "@/app/(console)/_components/use-panel.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CardTitle } from "@/components/ui/card.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { usePreload } from "@/components/ui/use-preload.ts";
import type { InvitationDto, MemberDto } from "@/domain/access/schema.ts";
import { InvitationTable } from "./invitation-table.tsx";
import { MemberTable } from "./member-table.tsx";
import { peopleWords } from "./words.ts";

const loadInviteDialog = () => import("./invite-dialog.tsx");
const loadMemberDialog = () => import("./member-dialog.tsx");
const loadDialogs = () => Promise.all([loadInviteDialog(), loadMemberDialog()]);

const InviteDialog = dynamic(() => loadInviteDialog().then((part) => part.InviteDialog), { ssr: false });
const MemberDialog = dynamic(() => loadMemberDialog().then((part) => part.MemberDialog), { ssr: false });

type PeopleProps = {
  members: readonly MemberDto[];
  invitations: readonly InvitationDto[];
  /** The person who looks. */
  ownId: string;
  now: string;
};

/** Who has a place in the account, and who is invited to one; which dialog is open is in the address. */
export function People({ members, invitations, ownId, now }: PeopleProps) {
  const words = useWords(peopleWords);
  usePreload(loadDialogs);
  const { panel, open, close } = usePanel();
  const opened = members.find(({ userId }) => userId === panel);
  return (
    <>
      <PageHead
        title={words.title}
        below={words.purpose}
        action={
          <Button look="primary" onClick={() => open("invite")}>
            {words.invite}
          </Button>
        }
      />
      {panel !== null && panel !== "invite" && opened === undefined && (
        <NotOpened why={words.memberGone} className="mb-4" />
      )}
      <section aria-labelledby="members" className="grid gap-2">
        <CardTitle id="members" className="mb-0">
          {words.members(members.length)}
        </CardTitle>
        <MemberTable members={members} ownId={ownId} now={now} onOpen={open} />
      </section>
      <section aria-labelledby="invitations" className="mt-6 grid gap-2">
        <CardTitle id="invitations" tabIndex={-1} className="mb-0">
          {words.invitations}
        </CardTitle>
        {invitations.length === 0 ? (
          <StatePanel title={words.noInvitations}>{words.noInvitationsWhy}</StatePanel>
        ) : (
          <InvitationTable invitations={invitations} now={now} />
        )}
      </section>
      {panel === "invite" && <InviteDialog onClose={close} />}
      {opened !== undefined && (
        <MemberDialog key={opened.userId} member={opened} isSelf={opened.userId === ownId} now={now} onClose={close} />
      )}
    </>
  );
}
