import { createLoader, type inferParserType, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { instantOf, parseAsUtcTime } from "@/components/ui/utc-time.ts";
import { AUDITED_ACTIONS } from "@/domain/access/action.ts";
import { AUDIT_OUTCOMES, AUDIT_WHO_LENGTH_MAX } from "@/domain/access/audit-outcome.ts";
import type { AuditFilter } from "@/domain/access/audit-schema.ts";

/** The audit's filters as the address keeps them. */
export const auditFilterParameters = {
  who: parseAsString,
  action: parseAsStringLiteral(AUDITED_ACTIONS),
  outcome: parseAsStringLiteral(AUDIT_OUTCOMES),
  from: parseAsUtcTime,
  to: parseAsUtcTime,
};

/** All that the audit's address keeps: the filters, the place in the list, and the entry that is open. */
export const auditParameters = { ...auditFilterParameters, before: parseAsString, entry: parseAsString };

export const loadAuditParameters = createLoader(auditParameters);

/** What the address asks for. */
export function auditFilterOf(parameters: inferParserType<typeof auditFilterParameters>): AuditFilter {
  const { who, action, outcome, from, to } = parameters;
  return {
    who: who?.trim().slice(0, AUDIT_WHO_LENGTH_MAX) || null,
    action,
    outcome,
    from: instantOf(from),
    to: instantOf(to),
  };
}
