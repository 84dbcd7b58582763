"use client";

import { type FormEvent, useState } from "react";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { callApiAction } from "@/app/(console)/api-explorer/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { tell } from "@/components/ui/toast.ts";
import type { CallAnswerDto, TriableCallDto } from "@/domain/rpc/member-call.ts";
import { CallAnswer } from "./call-answer.tsx";
import { CallCode } from "./call-code.tsx";
import { ParameterField } from "./parameter-field.tsx";
import { explorerWords } from "./words.ts";

type CallTrialProps = {
  call: TriableCallDto;
  /** By parameter; empty for what is not sent. */
  values: Readonly<Record<string, string>>;
  onChange: (name: string, value: string) => void;
  endpoint: string;
  region: string;
};

/** One call: its form, what it is answered, and how others would make it. The last answer stays until the next. */
export function CallTrial({ call, values, onChange, endpoint, region }: CallTrialProps) {
  const words = useWords(explorerWords);
  const { action, takesEvents, isWrite, isAllowed } = call;
  const [events, setEvents] = useState("");
  const [isSending, setSending] = useState(false);
  const [result, setResult] = useState<ActionResult<CallAnswerDto> | "lost" | null>(null);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (isSending) {
      return;
    }
    setSending(true);
    const parameters = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
    const answer = await callApiAction({ action, parameters, body: events }).catch(() => "lost" as const);
    setSending(false);
    setResult(answer);
    if (answer !== "lost" && answer.ok) {
      tell(words.answered(action, answer.data.status));
    }
  };

  return (
    <div className="grid items-start gap-4 lg:grid-cols-[380px_minmax(0,1fr)]">
      <Card className="px-[18px] py-3.5" aria-labelledby="call-parameters">
        <CardTitle id="call-parameters">{words.parameters}</CardTitle>
        <form onSubmit={send} noValidate className="grid gap-3">
          {call.fields.map((field) => (
            <ParameterField
              key={field.name}
              field={field}
              value={values[field.name] ?? ""}
              onChange={(value) => onChange(field.name, value)}
            />
          ))}
          {takesEvents && (
            <Field label={words.events} hint={words.eventsHint}>
              {(control) => (
                <textarea
                  {...control}
                  rows={8}
                  spellCheck={false}
                  value={events}
                  onChange={(event) => setEvents(event.target.value)}
                  className="mono w-full rounded-control border border-line-strong bg-card px-2.5 py-2"
                />
              )}
            </Field>
          )}
          <p className="text-xs text-ink-3">{words.emptyNote}</p>
          {!isAllowed ? (
            <Notice look="warn">{words.notAllowed}</Notice>
          ) : (
            isWrite && <Notice look="warn">{words.write}</Notice>
          )}
          <Button type="submit" look="primary" aria-disabled={isSending} className="justify-self-start">
            {isSending ? words.sending : words.send(action)}
          </Button>
        </form>
      </Card>
      <div className="grid min-w-0 gap-4">
        <CallAnswer result={result} isSending={isSending} />
        <CallCode call={{ action, parameters: values, events: takesEvents ? events : null, endpoint, region }} />
      </div>
    </div>
  );
}
