import {
  columnFilteringFeature,
  createColumnHelper,
  createFilteredRowModel,
  createSortedRowModel,
  filterFn_equalsString,
  filterFn_includesString,
  rowSortingFeature,
  sortFn_basic,
  sortFn_text,
  tableFeatures,
} from "@tanstack/react-table";
import type { TrailDto } from "@/domain/trail/schema.ts";

export const trailTableFeatures = tableFeatures({
  columnFilteringFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
  filterFns: { includesString: filterFn_includesString, equalsString: filterFn_equalsString },
  sortFns: { basic: sortFn_basic, text: sortFn_text },
});

const column = createColumnHelper<typeof trailTableFeatures, TrailDto>();

/** What is sorted and found by. A trail is found by all that a person may remember of it: names, regions, destinations. */
export const trailColumns = column.columns([
  column.accessor(
    ({ name, homeRegion, trailRegion, logstore, ossBucketName }) =>
      [name, homeRegion, trailRegion, logstore?.projectName, logstore?.logstoreName, ossBucketName].join(" "),
    { id: "trail", sortFn: "text", filterFn: "includesString" },
  ),
  column.accessor("status", { id: "status", sortFn: "text", filterFn: "equalsString" }),
  column.accessor(({ lastJob }) => (lastJob === null ? 0 : Date.parse(lastJob.createdAt)), {
    id: "lastJob",
    sortFn: "basic",
    sortDescFirst: true,
  }),
]);
