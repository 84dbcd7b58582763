"use client";

import { useTable } from "@tanstack/react-table";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useDeferredValue, useMemo } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { ListTable } from "@/components/table/list-table.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import type { DeliverySliceDto } from "@/domain/history-job/schema.ts";
import { sliceFeatures, useSliceColumns } from "./slice-columns.tsx";
import { needsLook, type SliceFindings, sliceKey } from "./slice-findings.ts";
import { jobPageWords } from "./words.ts";

// Where more have failed, they have failed alike; the grid shows them all.
const SHOWN_COUNT = 20;

const NO_SLICES: readonly DeliverySliceDto[] = [];

type SliceTableProps = { slices: readonly DeliverySliceDto[]; findings: SliceFindings };

/**
 * The slices that need a look, each with the reason: the first of them until all are asked for, and all on paper. There may be
 * hundreds, so they are drawn behind the grid that they stand below.
 */
export function SliceTable({ slices, findings }: SliceTableProps) {
  const words = useWords(jobPageWords);
  const [isWhole, setWhole] = useQueryState("all-slices", parseAsBoolean.withDefault(false));
  const listed = useDeferredValue(slices, NO_SLICES);
  const needy = useMemo(
    () => listed.filter((slice) => needsLook(slice, findings.get(sliceKey(slice)))),
    [listed, findings],
  );
  const table = useTable({
    features: sliceFeatures,
    columns: useSliceColumns(),
    data: needy,
    getRowId: sliceKey,
    meta: { findings },
  });
  if (needy.length === 0) {
    return null;
  }
  return (
    <Card>
      <ListTable
        table={table}
        classNameOf={(position) =>
          !isWhole && position >= SHOWN_COUNT ? "hidden max-lg:hidden print:table-row" : undefined
        }
      />
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
