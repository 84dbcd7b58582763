import type { DomainErrorCode, TrailNotValidReason } from "@/domain/errors.ts";
import type { CreateTrailInput } from "./schema.ts";
import { slsDestinationOf, TRAIL_NAME_PATTERN } from "./trail.ts";

/**
 * Why no such trail can be created in any account, or null: its name, no destination, or no SLS project's ARN where one
 * belongs.
 * Source: CreateTrail (actiontrail.md, 1.3).
 */
export function whyNotCreatable(input: CreateTrailInput): DomainErrorCode | null {
  if (!TRAIL_NAME_PATTERN.test(input.name)) {
    return "InvalidTrailNameException";
  }
  if (input.slsProjectArn === null) {
    return input.ossBucketName === null ? "InvalidDeliveryConfigurationException" : null;
  }
  return slsDestinationOf(input) === null ? "SlsProjectDoesNotExistException" : null;
}

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
