"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import type { AuditEntryDto } from "@/domain/access/audit-schema.ts";
import { auditEntryWords } from "./audit-words.ts";

/** Whether something was done or refused, and with which code. */
export function OutcomeMark({ outcome, errorCode }: Pick<AuditEntryDto, "outcome" | "errorCode">) {
  const words = useWords(auditEntryWords);
  return (
    <div>
      <StateMark shape={outcome === "allowed" ? "check" : "stopped"} tone={outcome === "allowed" ? "ok" : "bad"}>
        {words.outcomes[outcome]}
      </StateMark>
      {errorCode !== null && <div className="mono text-ink-2 [overflow-wrap:anywhere]">{errorCode}</div>}
    </div>
  );
}
