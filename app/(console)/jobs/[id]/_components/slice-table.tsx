"use client";

import { useState } from "react";
import { inGroups } from "@/components/language/counts.ts";
import { dayOfYearInWords } from "@/components/language/times.ts";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { DeliverySliceDto } from "@/domain/history-job/schema.ts";
import { needsLook, type SliceFindings, sliceKey } from "./slice-findings.ts";
import { whyOfSlice } from "./slice-why.ts";

// Where more have failed, they have failed alike; the grid shows them all.
const SHOWN_COUNT = 20;

type SliceTableProps = { slices: readonly DeliverySliceDto[]; findings: SliceFindings };

/** The slices that need a look, each with the reason: the first of them until all are asked for, and all on paper. */
export function SliceTable({ slices, findings }: SliceTableProps) {
  const [isWhole, setWhole] = useState(false);
  const needy = slices.filter((slice) => needsLook(slice, findings.get(sliceKey(slice))));
  if (needy.length === 0) {
    return null;
  }
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>Needs a look</TableHeader>
            <TableHeader>Day</TableHeader>
            <TableHeader className="text-right">Expected</TableHeader>
            <TableHeader className="text-right">Delivered</TableHeader>
            <TableHeader className="text-right">Undeliverable</TableHeader>
            <TableHeader className="text-right">Gap</TableHeader>
            <TableHeader>Why</TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {needy.map((slice, position) => (
            <TableRow
              key={sliceKey(slice)}
              className={!isWhole && position >= SHOWN_COUNT ? "hidden max-sm:hidden print:table-row" : undefined}
            >
              <TableCell className="mono">{slice.region}</TableCell>
              <TableCell label="Day">{dayOfYearInWords(slice.day)}</TableCell>
              <CountCell label="Expected" count={slice.expected} />
              <CountCell label="Delivered" count={slice.delivered} />
              <CountCell label="Undeliverable" count={slice.undeliverable} isLoss />
              <CountCell label="Gap" count={slice.gap} isLoss />
              <TableCell label="Why">{whyOfSlice(slice, findings.get(sliceKey(slice)))}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {!isWhole && needy.length > SHOWN_COUNT && (
        <div className="border-t border-line px-3.5 py-2.5 print:hidden">
          <Button size="small" onClick={() => setWhole(true)}>
            Show all {inGroups(needy.length)} slices
          </Button>
        </div>
      )}
    </Card>
  );
}

function CountCell({ label, count, isLoss = false }: { label: string; count: number; isLoss?: boolean }) {
  return (
    <TableCell
      label={label}
      className={isLoss && count > 0 ? "text-right text-bad tabular-nums" : "text-right tabular-nums"}
    >
      {inGroups(count)}
    </TableCell>
  );
}
