import "server-only";
import { notFound } from "next/navigation";
import { DomainError } from "@/domain/errors.ts";
import { statusOf } from "./error-table.ts";

/** What a page shows, or its not-found state when what it names is not there. */
export async function orNotFound<Dto>(read: () => Promise<Dto>): Promise<Dto> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof DomainError && statusOf(thrown.code) === 404) {
      notFound();
    }
    throw thrown;
  }
}
