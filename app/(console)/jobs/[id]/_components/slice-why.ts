import { countOf } from "@/components/ui/count.ts";
import type { DeliverySliceDto } from "@/domain/history-job/schema.ts";

type Looked = Pick<DeliverySliceDto, "failure" | "undeliverable" | "gap" | "remaining">;

/** Why a slice needs a look: the words of who refused, or what its counts come to. */
export function whyOfSlice({ failure, undeliverable, gap, remaining }: Looked): string {
  const counts = [
    undeliverable > 0 ? `the log service refused ${countOf(undeliverable, "event", "events")}` : null,
    gap > 0 ? `${countOf(gap, "event was", "events were")} no longer in history` : null,
    remaining > 0 ? `${countOf(remaining, "event was", "events were")} not sent` : null,
  ].filter((part) => part !== null);
  const why = [failure?.message ?? "", counts.join("; ")].filter((part) => part !== "").join(" · ");
  return why.charAt(0).toUpperCase() + why.slice(1);
}
