"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { frameWords } from "@/app/(console)/_components/words.ts";
import { deleteInvitationAction } from "@/app/(console)/people/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { PassingButton } from "@/components/ui/passing-button.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import { tell } from "@/components/ui/toast.ts";
import type { InvitationDto } from "@/domain/access/schema.ts";
import { peopleWords } from "./words.ts";

/** Who is invited and has not come yet. */
export function InvitationTable({ invitations, now }: { invitations: readonly InvitationDto[]; now: string }) {
  const words = useWords(peopleWords);
  const frame = useWords(frameWords);
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{words.person}</TableHeader>
            <TableHeader>{words.role}</TableHeader>
            <TableHeader>{words.invitedBy}</TableHeader>
            <TableHeader>{words.expires}</TableHeader>
            <TableHeader>
              <span className="sr-only">{words.withdraw}</span>
            </TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {invitations.map((invitation) => (
            <TableRow key={invitation.email}>
              <TableCell label={words.person}>
                <span className="[overflow-wrap:anywhere]">{invitation.email}</span>
              </TableCell>
              <TableCell label={words.role}>{frame.roles[invitation.role]}</TableCell>
              <TableCell label={words.invitedBy}>
                <span className="[overflow-wrap:anywhere]">{invitation.createdBy}</span>
              </TableCell>
              <TableCell label={words.expires}>
                {invitation.isExpired ? (
                  <StateMark shape="stopped" tone="still">
                    {words.expired}
                  </StateMark>
                ) : (
                  <Instant at={invitation.expiresAt} now={now} shown="absolute" />
                )}
              </TableCell>
              <TableCell className="text-right max-lg:text-left">
                <WithdrawButton email={invitation.email} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}

function WithdrawButton({ email }: { email: string }) {
  const words = useWords(peopleWords);
  const frame = useWords(frameWords);
  const router = useRouter();
  const [isSending, setIsSending] = useState(false);
  const withdraw = async () => {
    if (isSending) {
      return;
    }
    setIsSending(true);
    const result = await deleteInvitationAction({ email }).catch(() => null);
    setIsSending(false);
    tell(result?.ok ? words.withdrawn(email) : (result?.error.message ?? frame.noAnswer));
    router.refresh();
  };
  return (
    <PassingButton size="small" aria-label={words.withdrawOf(email)} aria-disabled={isSending} onClick={withdraw}>
      {words.withdraw}
    </PassingButton>
  );
}
