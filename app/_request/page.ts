import "server-only";
import { notFound } from "next/navigation";
import type { RamAction } from "@/domain/access/action.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { statusOf } from "./error-table.ts";
import { requirePageScope } from "./session.ts";

/** As requirePageScope, but null when the role does not allow it, for a page that then says so. The refusal is in the audit. */
export async function findPageScope(action: RamAction): Promise<AccountScope | null> {
  try {
    return await requirePageScope(action);
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
