import { createLoader, type inferParserType, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { instantOf, parseAsUtcTime } from "@/components/ui/utc-time.ts";
import { JOB_PHASES } from "@/domain/history-job/history-job.ts";
import { JOB_ORDERS, type JobFilter, WHO_LENGTH_MAX } from "@/domain/history-job/job-list.ts";

/** The filters of the list of jobs as the address keeps them. */
export const jobFilterParameters = {
  phase: parseAsStringLiteral(JOB_PHASES),
  trail: parseAsString,
  who: parseAsString,
  from: parseAsUtcTime,
  to: parseAsUtcTime,
};

/** All that its address keeps. */
export const jobParameters = { ...jobFilterParameters, order: parseAsStringLiteral(JOB_ORDERS).withDefault("newest") };

export const loadJobParameters = createLoader(jobParameters);

/** What the address asks for. No name holds what PostgreSQL cannot. */
export function jobFilterOf({ phase, trail, who, from, to }: inferParserType<typeof jobFilterParameters>): JobFilter {
  return {
    phase,
    trailName: nameOf(trail),
    who: nameOf(who),
    from: instantOf(from),
    to: instantOf(to),
  };
}

function nameOf(text: string | null): string | null {
  return text?.replaceAll("\0", "").toWellFormed().trim().slice(0, WHO_LENGTH_MAX) || null;
}
