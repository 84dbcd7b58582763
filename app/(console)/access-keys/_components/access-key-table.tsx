"use client";

import type { ReactNode } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { AccessKeyDto } from "@/domain/access/access-key-schema.ts";
import { KeyStateMark } from "./key-state-mark.tsx";
import { LastUse } from "./last-use.tsx";
import { accessKeyWords } from "./words.ts";

type AccessKeyTableProps = { keys: readonly AccessKeyDto[]; now: string; onOpen: (id: string) => void };

/** Every key of the account, with what it may do and when it was used last. */
export function AccessKeyTable({ keys, now, onOpen }: AccessKeyTableProps) {
  const words = useWords(accessKeyWords);
  return (
    <AccessKeyTableFrame>
      {keys.map((key) => (
        <TableRow key={key.id}>
          <TableCell label={words.key}>
            <div className="[overflow-wrap:anywhere]">
              {key.name ?? <span className="text-ink-2">{words.nameless}</span>}
              <div className="mono text-sm text-ink-2">{key.id}</div>
              {key.successorId !== null && (
                <div className="text-sm text-ink-2">{words.replacedBy(key.successorId)}</div>
              )}
              {key.predecessorId !== null && (
                <div className="text-sm text-ink-2">{words.replaces(key.predecessorId)}</div>
              )}
            </div>
          </TableCell>
          <TableCell label={words.policy}>
            {key.isPolicyReadable ? (
              <span className="[overflow-wrap:anywhere]">{key.policyName ?? words.ownPolicy}</span>
            ) : (
              <StateMark shape="warning" tone="bad">
                {words.policyUnreadable}
              </StateMark>
            )}
          </TableCell>
          <TableCell label={words.state}>
            <KeyStateMark isActive={key.isActive} />
          </TableCell>
          <TableCell label={words.made}>
            <Instant at={key.createdAt} now={now} shown="relative" />
          </TableCell>
          <TableCell label={words.lastUse}>
            <LastUse lastUse={key.lastUse} now={now} />
          </TableCell>
          <TableCell className="text-right max-lg:text-left">
            <Button size="small" aria-label={words.manageOf(key.id)} onClick={() => onOpen(key.id)}>
              {words.manage}
            </Button>
          </TableCell>
        </TableRow>
      ))}
    </AccessKeyTableFrame>
  );
}

const SKELETON_ROWS = ["1", "2", "3"];

/** The table's skeleton twin. */
export function AccessKeyTableSkeleton() {
  const words = useWords(accessKeyWords);
  return (
    <AccessKeyTableFrame>
      {SKELETON_ROWS.map((row) => (
        <TableRow key={row}>
          <TableCell label={words.key}>
            <Skeleton className="w-28" />
            <Skeleton className="w-44" />
          </TableCell>
          <TableCell label={words.policy}>
            <Skeleton className="w-44" />
          </TableCell>
          <TableCell label={words.state}>
            <Skeleton className="w-16" />
          </TableCell>
          <TableCell label={words.made}>
            <Skeleton className="w-20" />
          </TableCell>
          <TableCell label={words.lastUse}>
            <Skeleton className="w-20" />
            <Skeleton className="w-32" />
          </TableCell>
          <TableCell>
            <Skeleton className="h-7 w-16" />
          </TableCell>
        </TableRow>
      ))}
    </AccessKeyTableFrame>
  );
}

function AccessKeyTableFrame({ children }: { children: ReactNode }) {
  const words = useWords(accessKeyWords);
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{words.key}</TableHeader>
            <TableHeader>{words.policy}</TableHeader>
            <TableHeader>{words.state}</TableHeader>
            <TableHeader>{words.made}</TableHeader>
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
