import type { TrailNotValidReason } from "@/domain/errors.ts";
import { slsDestinationOf } from "./trail.ts";

/**
 * Why no history of this trail can be redelivered, whatever the window, or null when it can: only single-account trails
 * that deliver to SLS are redelivered. Being stopped or never enabled is no reason.
 * Source: CreateDeliveryHistoryJob (actiontrail.md, 1.2); design 3.1, rule 5.
 */
export function whyNotRedeliverable(trail: {
  readonly name: string;
  readonly isOrganizationTrail: boolean;
  readonly slsProjectArn: string | null;
}): TrailNotValidReason | null {
  if (trail.isOrganizationTrail) {
    return "organization-trail";
  }
  return slsDestinationOf(trail) === null ? "no-sls-destination" : null;
}
