"use client";

import { type FormEvent, useId, useState } from "react";
import { deleteTrailAction, startLoggingAction, stopLoggingAction } from "@/app/(console)/trails/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { CommandNotice } from "./command-notice.tsx";
import { useTrailCommand } from "./use-trail-command.ts";
import { manageWords } from "./words.ts";

const ACTIONS = { start: startLoggingAction, stop: stopLoggingAction, delete: deleteTrailAction };

type TrailQuestionProps = {
  name: string;
  question: keyof typeof ACTIONS;
  onDone: () => void;
  onClose: () => void;
};

/** Says in a sentence what will happen, and asks once. What can't be taken back asks for the trail's name. */
export function TrailQuestion({ name, question, onDone, onClose }: TrailQuestionProps) {
  const words = useWords(manageWords);
  const sentences = words.questions[question];
  const { outcome, send } = useTrailCommand(onDone);
  const [typed, setTyped] = useState("");
  const whyId = useId();
  const isSending = outcome.kind === "sending";
  const isConfirmed = question !== "delete" || typed.trim() === name;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isConfirmed) {
      void send(() => ACTIONS[question]({ name }));
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={sentences.title(name)}
      description={sentences.sentence}
    >
      <form onSubmit={submit}>
        <DialogBody>
          {question === "delete" && (
            <Field label={words.typeName(name)}>
              {(control) => (
                <Input
                  {...control}
                  value={typed}
                  autoComplete="off"
                  spellCheck={false}
                  className="mono"
                  onChange={(event) => setTyped(event.target.value)}
                />
              )}
            </Field>
          )}
          <CommandNotice outcome={outcome} />
        </DialogBody>
        <DialogFoot>
          <span id={whyId} className="min-w-0 flex-1 text-sm text-ink-2">
            {!isConfirmed && words.nameDiffers}
          </span>
          <DialogClose asChild>
            <Button>{question === "start" ? words.cancel : words.keep}</Button>
          </DialogClose>
          <Button
            look={question === "start" ? "primary" : "danger"}
            type="submit"
            disabled={!isConfirmed}
            aria-disabled={isSending}
            aria-describedby={whyId}
          >
            {isSending ? sentences.confirming : outcome.kind === "unanswered" ? words.tryAgain : sentences.confirm}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
