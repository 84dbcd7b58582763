"use client";

import { parseAsBoolean, useQueryState } from "nuqs";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { DeliverySliceDto } from "@/domain/history-job/schema.ts";
import { needsLook, type SliceFindings, sliceKey } from "./slice-findings.ts";
import { whyOfSlice } from "./slice-why.ts";
import { jobPageWords } from "./words.ts";

// Where more have failed, they have failed alike; the grid shows them all.
const SHOWN_COUNT = 20;

type SliceTableProps = { slices: readonly DeliverySliceDto[]; findings: SliceFindings };

/** The slices that need a look, each with the reason: the first of them until all are asked for, and all on paper. */
export function SliceTable({ slices, findings }: SliceTableProps) {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const { dayOfYear } = useFormats();
  const [isWhole, setWhole] = useQueryState("all-slices", parseAsBoolean.withDefault(false));
  const needy = slices.filter((slice) => needsLook(slice, findings.get(sliceKey(slice))));
  if (needy.length === 0) {
    return null;
  }
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{words.needsLook}</TableHeader>
            <TableHeader>{words.day}</TableHeader>
            <TableHeader className="text-right">{jobWords.expected}</TableHeader>
            <TableHeader className="text-right">{jobWords.delivered}</TableHeader>
            <TableHeader className="text-right">{jobWords.undeliverable}</TableHeader>
            <TableHeader className="text-right">{jobWords.gap}</TableHeader>
            <TableHeader>{words.whyLook}</TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {needy.map((slice, position) => (
            <TableRow
              key={sliceKey(slice)}
              className={!isWhole && position >= SHOWN_COUNT ? "hidden max-sm:hidden print:table-row" : undefined}
            >
              <TableCell className="mono">{slice.region}</TableCell>
              <TableCell label={words.day}>{dayOfYear(slice.day)}</TableCell>
              <CountCell label={jobWords.expected} count={slice.expected} />
              <CountCell label={jobWords.delivered} count={slice.delivered} />
              <CountCell label={jobWords.undeliverable} count={slice.undeliverable} isLoss />
              <CountCell label={jobWords.gap} count={slice.gap} isLoss />
              <TableCell label={words.whyLook}>
                {whyOfSlice(slice, findings.get(sliceKey(slice)), words, jobWords)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {!isWhole && needy.length > SHOWN_COUNT && (
        <div className="border-t border-line px-3.5 py-2.5 print:hidden">
          <Button size="small" onClick={() => void setWhole(true)}>
            {words.showAllSlices(needy.length)}
          </Button>
        </div>
      )}
    </Card>
  );
}

function CountCell({ label, count, isLoss = false }: { label: string; count: number; isLoss?: boolean }) {
  const formats = useFormats();
  return (
    <TableCell
      label={label}
      className={isLoss && count > 0 ? "text-right text-bad tabular-nums" : "text-right tabular-nums"}
    >
      {formats.count(count)}
    </TableCell>
  );
}
