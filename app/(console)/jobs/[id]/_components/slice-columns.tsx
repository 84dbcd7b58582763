"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { useMemo } from "react";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { listFeatures } from "@/components/table/list-features.ts";
import type { DeliverySliceDto } from "@/domain/history-job/schema.ts";
import { type SliceFindings, sliceKey } from "./slice-findings.ts";
import { whyOfSlice } from "./slice-why.ts";
import { jobPageWords } from "./words.ts";

export const sliceFeatures = listFeatures<{ findings: SliceFindings }>();
const column = createColumnHelper<typeof sliceFeatures, DeliverySliceDto>();

const COUNT = { skeleton: ["w-10"], className: "text-right", cellClassName: "tabular-nums" };

/** The columns of the slices that need a look. */
export function useSliceColumns() {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const { count, dayOfYear } = useFormats();
  return useMemo(() => {
    const loss = (lost: number) => <span className={lost > 0 ? "text-bad" : undefined}>{count(lost)}</span>;
    return column.columns([
      column.accessor("region", {
        header: words.needsLook,
        meta: { skeleton: ["w-24"], isTitle: true, cellClassName: "mono" },
        cell: ({ getValue }) => getValue(),
      }),
      column.accessor("day", {
        header: words.day,
        meta: { skeleton: ["w-20"] },
        cell: ({ getValue }) => dayOfYear(getValue()),
      }),
      column.accessor("expected", {
        header: jobWords.expected,
        meta: COUNT,
        cell: ({ getValue }) => count(getValue()),
      }),
      column.accessor("delivered", {
        header: jobWords.delivered,
        meta: COUNT,
        cell: ({ getValue }) => count(getValue()),
      }),
      column.accessor("undeliverable", {
        header: jobWords.undeliverable,
        meta: COUNT,
        cell: ({ getValue }) => loss(getValue()),
      }),
      column.accessor("gap", { header: jobWords.gap, meta: COUNT, cell: ({ getValue }) => loss(getValue()) }),
      column.display({
        id: "why",
        header: words.whyLook,
        meta: { skeleton: ["w-40"] },
        cell: ({ row: { original: slice }, table: { options } }) =>
          whyOfSlice(slice, options.meta?.findings.get(sliceKey(slice)), words, jobWords),
      }),
    ]);
  }, [words, jobWords, count, dayOfYear]);
}
