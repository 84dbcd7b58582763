"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { slotQuery } from "@/components/history-job/history-job-queries.ts";
import { watchSlot } from "@/components/history-job/recent-rate.ts";
import type { SlotDto } from "@/domain/history-job/schema.ts";

// What the server just drew is not asked for again at once.
const STALE_AFTER_MS = 1_500;

type QueryProviderProps = {
  /** Who held the slot when the page was drawn: every page shows it, and much depends on it. */
  slot: SlotDto;
  children: ReactNode;
};

/** One client per tab in the browser, one per request on the server. */
export function QueryProvider({ slot, children }: QueryProviderProps) {
  const [client] = useState(() => {
    const created = new QueryClient({
      defaultOptions: { queries: { staleTime: STALE_AFTER_MS, refetchOnWindowFocus: "always" } },
    });
    created.setQueryData(slotQuery().queryKey, watchSlot(undefined, slot));
    return created;
  });
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
