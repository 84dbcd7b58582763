import { DomainError } from "@/domain/errors.ts";

// The ids of jobs are int32 in the vendor's API, and so in the database.
const JOB_ID_MAX = 2_147_483_647;

/** The job that an address names. @throws DomainError DeliveryHistoryJobNotFound when no job can have this id. */
export function jobIdOf(text: string): number {
  const id = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(id <= JOB_ID_MAX)) {
    throw new DomainError("DeliveryHistoryJobNotFound");
  }
  return id;
}
