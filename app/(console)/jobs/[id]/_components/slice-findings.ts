import type { DeliverySliceDto, SliceVerificationDto } from "@/domain/history-job/schema.ts";

/** What a verification found of each slice, by sliceKey. */
export type SliceFindings = ReadonlyMap<string, SliceVerificationDto>;

type Placed = Pick<DeliverySliceDto, "region" | "day">;

export function sliceKey({ region, day }: Placed): string {
  return `${region} ${day}`;
}

export function findingsBySlice(findings: readonly SliceVerificationDto[]): SliceFindings {
  return new Map(findings.map((finding) => [sliceKey(finding), finding]));
}

/**
 * Whether the logstore is known to hold something else than was delivered. What the slice itself says was not sent, or was
 * refused, is no difference: it is missing for a reason that stands beside it.
 */
export function isDifferent(
  { remaining, undeliverable }: Pick<DeliverySliceDto, "remaining" | "undeliverable">,
  { missing, checksumHere, checksumThere }: SliceVerificationDto,
): boolean {
  return (missing ?? 0) > remaining + undeliverable || (checksumThere !== null && checksumThere !== checksumHere);
}

/** Whether a person should look at a slice: it did not deliver what it read, or its logstore does not hold what it should. */
export function needsLook(slice: DeliverySliceDto, finding: SliceVerificationDto | undefined): boolean {
  return (
    slice.state === "failed" || slice.state === "incomplete" || (finding !== undefined && isDifferent(slice, finding))
  );
}
