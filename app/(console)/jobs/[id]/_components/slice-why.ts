import { countOf } from "@/components/language/counts.ts";
import type { DeliverySliceDto, SliceVerificationDto } from "@/domain/history-job/schema.ts";
import { isDifferent } from "./slice-findings.ts";

type Looked = Pick<DeliverySliceDto, "failure" | "undeliverable" | "gap" | "remaining">;

/** Why a slice needs a look: the words of who refused, what its counts come to, and what the logstore was found to lack. */
export function whyOfSlice(slice: Looked, finding: SliceVerificationDto | undefined): string {
  const { failure, undeliverable, gap, remaining } = slice;
  const parts = [
    failure?.message ?? null,
    undeliverable > 0 ? `the log service refused ${countOf(undeliverable, "event", "events")}` : null,
    gap > 0 ? `${countOf(gap, "event was", "events were")} no longer in history` : null,
    remaining > 0 ? `${countOf(remaining, "event was", "events were")} not sent` : null,
    finding !== undefined && isDifferent(slice, finding) ? whatLogstoreLacks(finding) : null,
  ].filter((part) => part !== null);
  const why = parts.join("; ");
  return why.charAt(0).toUpperCase() + why.slice(1);
}

function whatLogstoreLacks({ missing }: SliceVerificationDto): string {
  return missing !== null && missing > 0
    ? `${countOf(missing, "event is", "events are")} missing from the logstore`
    : "the logstore holds other texts than were delivered";
}
