"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { useMemo } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { listFeatures } from "@/components/table/list-features.ts";
import type { EventDto } from "@/domain/event/schema.ts";
import { EventLink, EventResult, EventText, EventTime } from "./event-cells.tsx";
import type { EventRef } from "./event-ref.ts";
import { eventWords } from "./words.ts";

type EventMeta = {
  /** The address of the page with this event open. */
  hrefOf: (event: EventRef) => string;
  onOpen: (event: EventRef) => void;
};

export const eventFeatures = listFeatures<EventMeta>();
const column = createColumnHelper<typeof eventFeatures, EventDto>();

/** Rows as low as they can be: a list of events is long. */
const ROW = "sm:h-10 sm:py-1";

/**
 * The columns of a list of events, each with how wide it is and from what width of the screen on it is shown; below the narrowest, rows
 * are lists of facts.
 */
export function useEventColumns() {
  const { columns: names } = useWords(eventWords);
  return useMemo(
    () =>
      column.columns([
        column.accessor("eventTime", {
          header: names.time,
          meta: { skeleton: ["w-32"], className: "sm:w-[168px]", cellClassName: ROW },
          cell: ({ getValue }) => <EventTime at={getValue()} />,
        }),
        column.accessor("eventName", {
          header: names.event,
          meta: { skeleton: ["w-36"], className: "sm:max-lg:w-auto lg:w-[20%]", cellClassName: ROW },
          cell: ({ row: { original: event }, table: { options } }) => (
            <EventLink
              event={event}
              href={options.meta?.hrefOf(event) ?? ""}
              onOpen={() => options.meta?.onOpen(event)}
            />
          ),
        }),
        column.accessor("serviceName", {
          header: names.service,
          meta: { skeleton: ["w-10"], className: "sm:w-[84px] sm:max-xl:hidden", cellClassName: ROW },
          cell: ({ getValue }) => <EventText value={getValue()} />,
        }),
        column.accessor("userName", {
          header: names.who,
          meta: { skeleton: ["w-20"], className: "sm:w-[140px] sm:max-lg:hidden", cellClassName: ROW },
          cell: ({ getValue }) => <EventText value={getValue()} />,
        }),
        column.accessor("sourceIpAddress", {
          header: names.from,
          meta: { skeleton: ["w-20"], className: "sm:w-[124px] sm:max-xl:hidden", cellClassName: ROW },
          cell: ({ getValue }) => <EventText value={getValue()} isMono />,
        }),
        column.accessor("resourceName", {
          header: names.resource,
          meta: { skeleton: ["w-32"], className: "sm:max-lg:hidden", cellClassName: ROW },
          cell: ({ getValue }) => <EventText value={getValue()} isMono />,
        }),
        column.accessor("region", {
          header: names.region,
          meta: { skeleton: ["w-20"], className: "sm:w-[124px] sm:max-2xl:hidden", cellClassName: ROW },
          cell: ({ getValue }) => <EventText value={getValue()} isMono />,
        }),
        column.accessor("errorCode", {
          header: names.result,
          meta: { skeleton: ["w-16"], className: "sm:w-[124px]", cellClassName: ROW },
          cell: ({ getValue }) => <EventResult errorCode={getValue()} />,
        }),
      ]),
    [names],
  );
}
