"use client";

import type { ReactNode } from "react";
import { frameWords } from "@/app/(console)/_components/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { MemberDto } from "@/domain/access/schema.ts";
import { peopleWords } from "./words.ts";

type MemberTableProps = {
  members: readonly MemberDto[];
  ownId: string;
  now: string;
  onOpen: (userId: string) => void;
};

/** Everybody with a place in the account, who may do nothing among them. */
export function MemberTable({ members, ownId, now, onOpen }: MemberTableProps) {
  const words = useWords(peopleWords);
  const frame = useWords(frameWords);
  return (
    <MemberTableFrame>
      {members.map((member) => (
        <TableRow key={member.userId}>
          <TableCell label={words.person}>
            <div className="[overflow-wrap:anywhere]">
              {member.name}
              {member.userId === ownId && <span className="text-ink-3"> {words.you}</span>}
              <div className="text-sm text-ink-2">{member.email}</div>
            </div>
          </TableCell>
          <TableCell label={words.role}>{frame.roles[member.role]}</TableCell>
          <TableCell label={words.state}>
            {member.isDisabled ? (
              <StateMark shape="stopped" tone="still">
                {words.disabled}
              </StateMark>
            ) : (
              <StateMark shape="check" tone="ok">
                {words.active}
              </StateMark>
            )}
          </TableCell>
          <TableCell label={words.twoFactor}>
            {member.hasTwoFactor ? words.on : <span className="text-ink-2">{words.off}</span>}
            {member.isTwoFactorRequired && !member.hasTwoFactor && (
              <div className="text-sm text-ink-2">{words.atNextVisit}</div>
            )}
          </TableCell>
          <TableCell label={words.lastUse}>
            {member.lastUsedAt === null ? (
              <span className="text-ink-2">{words.notSignedIn}</span>
            ) : (
              <Instant at={member.lastUsedAt} now={now} shown="relative" />
            )}
          </TableCell>
          <TableCell className="text-right max-lg:text-left">
            <Button size="small" aria-label={words.manageOf(member.email)} onClick={() => onOpen(member.userId)}>
              {words.manage}
            </Button>
          </TableCell>
        </TableRow>
      ))}
    </MemberTableFrame>
  );
}

const SKELETON_ROWS = ["1", "2", "3", "4"];

/** The table's skeleton twin. */
export function MemberTableSkeleton() {
  const words = useWords(peopleWords);
  return (
    <MemberTableFrame>
      {SKELETON_ROWS.map((row) => (
        <TableRow key={row}>
          <TableCell label={words.person}>
            <Skeleton className="w-32" />
            <Skeleton className="w-44" />
          </TableCell>
          <TableCell label={words.role}>
            <Skeleton className="w-16" />
          </TableCell>
          <TableCell label={words.state}>
            <Skeleton className="w-16" />
          </TableCell>
          <TableCell label={words.twoFactor}>
            <Skeleton className="w-8" />
          </TableCell>
          <TableCell label={words.lastUse}>
            <Skeleton className="w-24" />
          </TableCell>
          <TableCell>
            <Skeleton className="h-7 w-16" />
          </TableCell>
        </TableRow>
      ))}
    </MemberTableFrame>
  );
}

function MemberTableFrame({ children }: { children: ReactNode }) {
  const words = useWords(peopleWords);
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{words.person}</TableHeader>
            <TableHeader>{words.role}</TableHeader>
            <TableHeader>{words.state}</TableHeader>
            <TableHeader>{words.twoFactor}</TableHeader>
            <TableHeader>{words.lastUse}</TableHeader>
            <TableHeader>
              <span className="sr-only">{words.manage}</span>
            </TableHeader>
          </tr>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </Card>
  );
}
