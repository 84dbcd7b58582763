import type { TrailNotValidReason } from "@/domain/errors.ts";
import type { TrailEventRW } from "@/domain/trail/trail.ts";

const EVENT_RW_WORDS: Readonly<Record<TrailEventRW, string>> = {
  All: "All events",
  Read: "Read events",
  Write: "Write events",
};

export function eventRWInWords(eventRW: TrailEventRW): string {
  return EVENT_RW_WORDS[eventRW];
}

/** Why a trail's history can't be redelivered, short enough to stand beside the disabled button. */
export const NOT_REDELIVERABLE_WORDS: Readonly<Record<TrailNotValidReason, string>> = {
  "organization-trail": "Organization trail. Redelivery works for single-account trails.",
  "no-sls-destination": "Delivers to no Log Service project. Redelivery needs one.",
  "never-took-effect": "This trail was never enabled.",
  "took-effect-before-history": "This trail took effect before history begins.",
  "no-log-project": "Its log project is not known here.",
};
