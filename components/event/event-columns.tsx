"use client";

import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import { useMemo } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import type { EventDto } from "@/domain/event/schema.ts";
import { eventWords } from "./words.ts";

export const eventTableFeatures = tableFeatures({});
const helper = createColumnHelper<typeof eventTableFeatures, EventDto>();

/** How wide each column is, and from what width of the screen on it is shown; below the narrowest, rows are lists of facts. */
export const COLUMN_CLASSES: Readonly<Record<string, string>> = {
  time: "sm:w-[168px]",
  event: "sm:max-lg:w-auto lg:w-[20%]",
  service: "sm:w-[84px] sm:max-xl:hidden",
  who: "sm:w-[140px] sm:max-lg:hidden",
  from: "sm:w-[124px] sm:max-xl:hidden",
  resource: "sm:max-lg:hidden",
  region: "sm:w-[124px] sm:max-2xl:hidden",
  result: "sm:w-[124px]",
};

/** The columns of a list of events, with their names in the page's language. */
export function useEventColumns() {
  const { columns } = useWords(eventWords);
  return useMemo(
    () =>
      helper.columns([
        helper.accessor("eventTime", { id: "time", header: columns.time }),
        helper.accessor("eventName", { id: "event", header: columns.event }),
        helper.accessor("serviceName", { id: "service", header: columns.service }),
        helper.accessor("userName", { id: "who", header: columns.who }),
        helper.accessor("sourceIpAddress", { id: "from", header: columns.from }),
        helper.accessor("resourceName", { id: "resource", header: columns.resource }),
        helper.accessor("region", { id: "region", header: columns.region }),
        helper.accessor("errorCode", { id: "result", header: columns.result }),
      ]),
    [columns],
  );
}
