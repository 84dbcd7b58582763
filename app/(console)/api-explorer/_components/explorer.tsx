"use client";

import { parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Select } from "@/components/ui/select.tsx";
import { CALL_GROUPS, GROUP_OF_CALL, GROUPED_CALLS } from "@/domain/rpc/call-groups.ts";
import type { TriableCallDto } from "@/domain/rpc/member-call.ts";
import { CallTrial } from "./call-trial.tsx";
import { explorerWords } from "./words.ts";

const parseAsCall = parseAsStringLiteral(GROUPED_CALLS).withDefault("DescribeTrails");

type ExplorerProps = {
  calls: readonly TriableCallDto[];
  /** Host and port of the API. */
  endpoint: string;
  region: string;
};

/** Which call is tried, and with what: all of it is in the address, but the events of a body. */
export function Explorer({ calls, endpoint, region }: ExplorerProps) {
  const words = useWords(explorerWords);
  const [action, setAction] = useQueryState("call", parseAsCall);
  const parsers = useMemo(
    () => Object.fromEntries(calls.flatMap(({ fields }) => fields).map(({ name }) => [name, parseAsString])),
    [calls],
  );
  const [values, setValues] = useQueryStates(parsers);
  const call = calls.find((candidate) => candidate.action === action);

  const choose = (next: string) => {
    const chosen = calls.find((candidate) => candidate.action === next);
    if (chosen === undefined) {
      return;
    }
    void setAction(chosen.action, { history: "push" });
    // What both calls have stays: who has looked at a trail may want to stop it.
    const kept = new Set(chosen.fields.map(({ name }) => name));
    void setValues(
      Object.fromEntries(Object.keys(parsers).map((name) => [name, kept.has(name) ? values[name] : null])),
    );
  };

  return (
    <>
      <Field label={words.call} className="mb-4 max-w-[380px]">
        {(control) => (
          <Select {...control} value={action} onChange={(event) => choose(event.target.value)} className="mono">
            {CALL_GROUPS.map((group) => (
              <optgroup key={group} label={words.groups[group]}>
                {GROUPED_CALLS.filter((candidate) => GROUP_OF_CALL[candidate] === group).map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </optgroup>
            ))}
          </Select>
        )}
      </Field>
      {call !== undefined && (
        <CallTrial
          key={call.action}
          call={call}
          values={Object.fromEntries(call.fields.map(({ name }) => [name, values[name] ?? ""]))}
          onChange={(name, value) => void setValues({ [name]: value === "" ? null : value })}
          endpoint={endpoint}
          region={region}
        />
      )}
    </>
  );
}
