"use client";

import { type Ref, useId, useRef } from "react";
import type { UseFormRegisterReturn } from "react-hook-form";
import { useWords } from "@/components/language/language-provider.tsx";
import { cn } from "@/components/ui/class-names.ts";
import { Field } from "@/components/ui/field.tsx";
import { Select } from "@/components/ui/select.tsx";
import { type PolicyTextFault, parsePolicyText } from "@/domain/access/policy-text.ts";
import {
  policyTextOf,
  SYSTEM_POLICIES,
  SYSTEM_POLICY_NAMES,
  systemPolicyNameOf,
} from "@/domain/access/system-policy.ts";
import { accessKeyWords } from "./words.ts";

/** Of the text and its line numbers alike (`leading-5`), so that they stand beside each other. */
const LINE_HEIGHT_PX = 20;

type PolicyFieldProps = {
  registered: UseFormRegisterReturn<"policy">;
  /** As it stands in the field. */
  text: string;
  /** Whether it was about to be sent: then what is wrong is said. Sooner, it would move the button from under who presses it. */
  isChecked: boolean;
  onChoose: (text: string) => void;
};

/** A policy from a template or as text, by the server's own parser: what is wrong is marked at its line and said below. */
export function PolicyField({ registered, text, isChecked, onChoose }: PolicyFieldProps) {
  const words = useWords(accessKeyWords);
  const area = useRef<HTMLTextAreaElement | null>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const faultsId = useId();
  const read = parsePolicyText(text);
  const template = read.kind === "policy" ? systemPolicyNameOf(read.policy) : null;
  const faults = read.kind === "faults" && isChecked ? read.faults : [];
  const isWrong = faults.length > 0;

  const choose = (name: string) => {
    const known = SYSTEM_POLICY_NAMES.find((each) => each === name);
    if (known !== undefined) {
      onChoose(policyTextOf(SYSTEM_POLICIES[known]));
    }
  };
  const goTo = (fault: PolicyTextFault) => {
    const offset = offsetOf(text, fault);
    area.current?.focus();
    area.current?.setSelectionRange(offset, offset + 1);
    area.current?.scrollTo({ top: (fault.line - 3) * LINE_HEIGHT_PX });
  };

  return (
    <>
      <Field label={words.template} rule={words.templateRule}>
        {(control) => (
          <Select {...control} value={template ?? ""} onChange={(event) => choose(event.target.value)}>
            {template === null && <option value="">{words.ownPolicy}</option>}
            {SYSTEM_POLICY_NAMES.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div>
        <Field label={words.policyText} hint={words.policyHint}>
          {(control) => (
            <div className={cn("flex rounded-control border bg-card", isWrong ? "border-bad" : "border-line-strong")}>
              <LineNumbers ref={gutter} count={text.split("\n").length} faulty={faults.map(({ line }) => line)} />
              <textarea
                {...control}
                {...registered}
                ref={(element) => {
                  area.current = element;
                  registered.ref(element);
                }}
                aria-invalid={isWrong || undefined}
                aria-describedby={[control["aria-describedby"], isWrong && faultsId].filter(Boolean).join(" ")}
                rows={12}
                wrap="off"
                spellCheck={false}
                autoComplete="off"
                onScroll={(event) => gutter.current?.scrollTo({ top: event.currentTarget.scrollTop })}
                className="mono w-full min-w-0 resize-none rounded-r-control bg-card px-2.5 py-2 leading-5"
              />
            </div>
          )}
        </Field>
        {isWrong && (
          <ul id={faultsId} aria-label={words.faultsOf} className="mt-1.5 grid gap-1.5 text-sm text-bad">
            {faults.map((fault) => (
              <li key={`${fault.line}:${fault.column} ${fault.fault} ${fault.path.join(".")}`}>
                <button
                  type="button"
                  onClick={() => goTo(fault)}
                  className="rounded-cell py-0.5 font-[550] underline underline-offset-2"
                >
                  {words.place(fault.line, fault.column)}
                </button>{" "}
                {words.faults[fault.fault]}
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

type LineNumbersProps = {
  ref: Ref<HTMLDivElement>;
  count: number;
  /** Lines with something wrong, from 1. */
  faulty: readonly number[];
};

/** For the eye; what it marks is said below the field. It scrolls with the text. */
function LineNumbers({ ref, count, faulty }: LineNumbersProps) {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return (
    <div
      ref={ref}
      aria-hidden
      className="mono max-h-64 shrink-0 overflow-hidden rounded-l-control border-r border-line bg-sunk px-1.5 py-2 text-right leading-5 text-ink-3 select-none"
    >
      {numbers.map((number) => (
        <div key={number} className={faulty.includes(number) ? "font-bold text-bad" : undefined}>
          {faulty.includes(number) ? `✕ ${number}` : number}
        </div>
      ))}
    </div>
  );
}

function offsetOf(text: string, { line, column }: PolicyTextFault): number {
  const before = text.split("\n").slice(0, line - 1);
  return before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
}
