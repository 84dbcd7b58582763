"use client";

import { useId } from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import type { TimeWindowRequest } from "@/domain/history-job/schema.ts";
import { type WindowChoice, whyNoEffectWindow } from "./window-choice.ts";
import { WindowDays } from "./window-days.tsx";
import { redeliverWords } from "./words.ts";

type WindowFieldProps = {
  choice: WindowChoice;
  onChange: (choice: WindowChoice) => void;
  error: string | undefined;
  /** The window that the choice means now, once that is known. */
  window: { windowFrom: string; windowTo: string } | undefined;
  startLoggingTime: string | null;
  /** Milliseconds. */
  now: number;
};

// One calendar is enough: ours, which knows how far history goes.
const EXACT = "[&::-webkit-calendar-picker-indicator]:hidden";

/** Which time: one of two windows that the trail gives, or an own one. */
export function WindowField({ choice, onChange, error, window, startLoggingTime, now }: WindowFieldProps) {
  const words = useWords(redeliverWords);
  const formats = useFormats();
  const errorId = useId();
  const noEffectId = useId();
  const noEffectWindow = whyNoEffectWindow(startLoggingTime, now);
  return (
    <div>
      <div className="mb-1 text-sm font-[550]">{words.whichTime}</div>
      <Choice<TimeWindowRequest["kind"]>
        label={words.whichTime}
        value={choice.kind}
        onChoose={(kind) => onChange({ ...choice, kind })}
        options={[
          { value: "default", label: words.windows.default },
          { value: "until-effect", label: words.windows["until-effect"], disabled: noEffectWindow !== null },
          { value: "own", label: words.windows.own },
        ]}
        describedBy={noEffectWindow === null ? undefined : noEffectId}
      />
      {noEffectWindow !== null && (
        <p id={noEffectId} className="mt-1.5 text-xs text-ink-3">
          {words.noEffectWindow[noEffectWindow]}
        </p>
      )}
      {choice.kind === "own" && (
        <div className="mt-2.5 grid grid-cols-[1fr_1fr_auto] items-end gap-3 max-sm:grid-cols-1 max-sm:justify-items-start">
          <Field label={words.from} hint={words.utc} className="w-full">
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                step={1}
                className={EXACT}
                aria-invalid={error === undefined ? undefined : true}
                aria-describedby={
                  error === undefined ? control["aria-describedby"] : `${control["aria-describedby"]} ${errorId}`
                }
                value={choice.from}
                onChange={(event) => onChange({ ...choice, from: event.target.value })}
              />
            )}
          </Field>
          <Field label={words.to} hint={words.utcNotIncluded} className="w-full">
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                step={1}
                className={EXACT}
                aria-invalid={error === undefined ? undefined : true}
                aria-describedby={
                  error === undefined ? control["aria-describedby"] : `${control["aria-describedby"]} ${errorId}`
                }
                value={choice.to}
                onChange={(event) => onChange({ ...choice, to: event.target.value })}
              />
            )}
          </Field>
          <WindowDays choice={choice} onChange={onChange} now={now} />
          {error !== undefined && (
            <p id={errorId} className="text-sm text-bad sm:col-span-3">
              {error}
            </p>
          )}
        </div>
      )}
      <p className="mt-1.5 text-xs text-ink-3">
        {window === undefined ? words.allUtc : words.untilNow(formats.window(window.windowFrom, window.windowTo))}
      </p>
    </div>
  );
}
