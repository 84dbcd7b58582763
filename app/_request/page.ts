import "server-only";
import { notFound } from "next/navigation";
import type { RamAction } from "@/domain/access/action.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { statusOf } from "./error-table.ts";
import { requirePerson, requireScope } from "./session.ts";

/**
 * The gate of pages: as requireScope, but sends who is not signed in to sign in, and from there back; and null when the role does not
 * allow it, so that a page which does not say so would not compile. The refusal is in the audit.
 */
export async function findPageScope(action: RamAction): Promise<AccountScope | null> {
  await requirePerson();
  try {
    return await requireScope(action);
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.code === "NoPermission") {
      return null;
    }
    throw thrown;
  }
}

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
