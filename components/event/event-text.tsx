"use client";

import { useMemo } from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { CodeBlock } from "@/components/ui/code-block.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import type { EventDetailDto } from "@/domain/event/schema.ts";
import { writeEventRef } from "./event-ref.ts";
import { indentJson } from "./indent-json.ts";
import { eventWords } from "./words.ts";

type Form = "stored" | "indented";

type EventTextProps = { event: EventDetailDto; form: Form; onForm: (form: Form) => void };

/** The event's text: every byte as it is stored, or with its lines broken. What is copied and downloaded is the stored one. */
export function EventText({ event, form, onForm }: EventTextProps) {
  const words = useWords(eventWords);
  const formats = useFormats();
  const { body } = event;
  const shown = useMemo(() => (form === "indented" ? indentJson(body) : body), [form, body]);
  const bytes = useMemo(() => new TextEncoder().encode(body).length, [body]);
  const download = `/events/one/file?${new URLSearchParams({ event: writeEventRef(event) })}`;
  return (
    <Card className="min-w-0 px-[18px] py-3.5 lg:sticky lg:top-0" aria-label={words.raw}>
      <div className="mb-2 flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="font-[640] text-[14px]">{words.raw}</h3>
        <span className="text-ink-3 text-xs">{words.rawNote(formats.bytes(bytes))}</span>
        <CopyButton text={body} label={words.copyJson} className="ml-auto" />
      </div>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Choice
          label={words.textForm}
          value={form}
          options={(["stored", "indented"] as const).map((value) => ({ value, label: words.texts[value] }))}
          onChoose={onForm}
        />
        <Button size="small" asChild>
          <a href={download} download>
            {words.downloadOne}
          </a>
        </Button>
      </div>
      <CodeBlock label={words.texts[form]}>{shown}</CodeBlock>
    </Card>
  );
}
